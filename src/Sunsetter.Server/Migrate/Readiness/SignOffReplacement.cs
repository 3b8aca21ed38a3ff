using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Quality assurance signs that the replacement is stable and available, with evidence (G1).</summary>
internal sealed record SignOffReplacement(string Evidence, string? Link)
{
    public Decision Decide(Retirement retirement)
    {
        if (Required.Words(Evidence, "evidence", new("what was tested, with which result", "测试内容与结果")) is { } missing)
            return missing;
        if (!string.IsNullOrWhiteSpace(Link) && !(Link.Length <= 1000 && Uri.TryCreate(Link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            return new Refusal("link.bad", "The link must be a web address that begins with https://.", "链接须为以 https:// 开头的网址。") { Field = "link" };
        if (retirement.Ended || retirement.Stage == Stage.Decide)
            return new Refusal("sign-off.not-yet", "The replacement is signed off once the retirement is approved, and before it ends.", "退役获批后、结束前方可签字确认替代模块。");
        return new ReplacementSignedOff(Evidence.Trim(), string.IsNullOrWhiteSpace(Link) ? null : Link.Trim());
    }
}

/// <summary>A defect was found: the replacement is not ready after all.</summary>
internal sealed record WithdrawSignOff(string Reason)
{
    public Decision Decide(Retirement retirement) =>
        Required.Words(Reason, "reason", new("what is wrong with the replacement", "替代模块存在的问题")) is { } missing ? missing
        : retirement.Migrating.SignOff is null ? new Refusal("sign-off.none", "It is not signed off.", "尚未签字确认。")
        : new ReplacementSignOffWithdrawn(Reason.Trim());
}
