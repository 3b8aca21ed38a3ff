using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Every "no" of the edge that has to do with keys.</summary>
internal static class EdgeRefusals
{
    public static readonly Refusal KeyMissing = new(
        "edge.key-missing", "Send a key: Authorization: Bearer sst_srv_… (back end) or sst_web_… (browser).", "请发送密钥：Authorization: Bearer sst_srv_…（后端）或 sst_web_…（浏览器）。", 401);

    public static readonly Refusal KeyUnknown = new(
        "edge.key-unknown", "This key is not known here. Copy it again, or make a new one under Settings → Application keys.", "此处不认识该密钥。请重新复制，或在“设置 → 应用密钥”中新建。", 401);

    public static readonly Refusal KeyRevoked = new(
        "edge.key-revoked", "This key was revoked or has expired. Use its successor, or make a new one under Settings → Application keys.", "该密钥已被吊销或已过期。请使用新密钥，或在“设置 → 应用密钥”中新建。", 401);

    public static readonly Refusal ContextMissing = new(
        "edge.context-missing", "A browser key needs a context that your back end has signed: X-Sunsetter-Context.", "浏览器密钥需要由您的后端签名的上下文：X-Sunsetter-Context。", 401);

    public static readonly Refusal ContextInvalid = new(
        "edge.context-invalid", "The signed context does not hold: sign {customer, user, exp, kid} with a server key that is in force.", "签名上下文无效：请用有效的服务器密钥对 {customer, user, exp, kid} 签名。", 401);

    public static readonly Refusal ContextExpired = new(
        "edge.context-expired", "The signed context has expired, or is valid for more than 24 hours. Have your back end sign a new one.", "签名上下文已过期，或有效期超过 24 小时。请由后端重新签名。", 401);

    public static readonly Refusal NotReady = new(
        "edge.not-ready", "The server has no snapshot yet. Try again in a moment.", "服务器尚无快照。请稍后重试。", 503);

    public static readonly Refusal TooMany = new(
        "edge.rate", "Too many requests with this key. Wait as long as Retry-After says.", "此密钥的请求过多。请按 Retry-After 等待。", 429);

    public static readonly Refusal TooManyStreams = new(
        "edge.streams", "This person has too many streams open. Close some pages, or poll.", "此用户打开的数据流过多。请关闭部分页面，或改用轮询。", 429);

    public static Refusal Scope(string scope) => new(
        "edge.scope", $"This key is not for “{scope}”. Make one that is, under Settings → Application keys.", $"此密钥不可用于“{scope}”。请在“设置 → 应用密钥”中新建。", 403);

    public static Refusal BadRequest(string en, string zh) => new("edge.bad-request", en, zh, 400);
}
