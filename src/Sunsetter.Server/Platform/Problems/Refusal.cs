namespace Sunsetter.Server.Platform;

/// <summary>An expected "no": a stable public code and a sentence that says what to do next. It is data, never thrown.</summary>
/// <param name="Code">Public and never changed, such as <c>notice.too-short</c>.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
/// <param name="Status">The HTTP status it becomes.</param>
public sealed record Refusal(string Code, Text Sentence, int Status = StatusCodes.Status422UnprocessableEntity)
{
    /// <summary>The field of the request it is about, where there is one.</summary>
    public string? Field { get; init; }

    public Refusal(string code, string en, string zh, int status = StatusCodes.Status422UnprocessableEntity)
        : this(code, new Text(en, zh), status)
    {
    }

    public static Refusal NotFound(string what, string whatZh, string key) => new(
        "not-found", $"There is no {what} “{key}”. Check the spelling or look in the list.", $"没有{whatZh}“{key}”。请检查拼写，或在列表中查找。",
        StatusCodes.Status404NotFound);

    public static Refusal Forbidden(string need) => new(
        "forbidden", $"Your account may not do this; it needs the permission “{need}”. Ask an administrator.", $"您的账号无权执行此操作，需要权限“{need}”。请联系管理员。",
        StatusCodes.Status403Forbidden);

    /// <summary>The same of a token, whose owner may be able to give it what it lacks.</summary>
    public static Refusal ForbiddenToToken(string need) => Forbidden(need) with
    {
        Sentence = new($"This token may not do this; it needs “{need}”. Make one that has it under Settings → API tokens; where your account may not either, ask an administrator.",
            $"此令牌无权执行此操作，需要“{need}”。请在“设置 → API 令牌”中创建具备该权限的令牌；若您的账号也无此权限，请联系管理员。"),
    };

    public static readonly Refusal Overtaken = new(
        "conflict.overtaken", "Somebody changed this at the same moment. Look at the newest state and try again.", "有人同时修改了此内容。请查看最新状态后重试。",
        StatusCodes.Status409Conflict);
}
