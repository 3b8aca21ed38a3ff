using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>How an attempt that did not end well is told to a person, with the code it ended with.</summary>
internal static class AttemptWords
{
    public static readonly Refusal BadAddress = new("webhook.bad-address", "The webhook's address must begin with https:// and hold no user name; http:// reaches only networks that an operator lists in Webhooks:AllowPrivate.", "Webhook 地址须以 https:// 开头，且不含用户名；http:// 仅可用于运维在 Webhooks:AllowPrivate 中列出的网段。");

    public static Refusal PrivateAddress(string host) => new("webhook.private-address",
        $"“{host}” leads to a private address; webhooks reach public addresses only. An operator can permit a network with Webhooks:AllowPrivate.",
        $"“{host}”指向内网地址，Webhook 只能访问公网地址。如确需使用，请运维在 Webhooks:AllowPrivate 中放行该网段。");

    /// <summary>Null for an attempt that was accepted.</summary>
    public static Refusal? Refusal(this Attempt attempt, string address) => attempt switch
    {
        Attempt.Refused { Code: "webhook.private-address" } => PrivateAddress(Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.Host : address),
        Attempt.Refused { Code: "webhook.bad-address" } => BadAddress,
        Attempt.Refused no => new Refusal(no.Code, $"The other side refused it: {no.Reason}", $"对方拒绝接收：{no.Reason}"),
        Attempt.Postponed later => new Refusal(later.Code, $"It did not go out: {later.Reason} Check the address and try again.", $"未能发出：{later.Reason} 请检查地址后重试。"),
        _ => null,
    };
}
