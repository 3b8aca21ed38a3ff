using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>The "go": from now on the gates close at their times. By somebody other than who set the day, and only when nothing blocks.</summary>
/// <param name="Module">The module's key, typed by hand, so that nobody closes the wrong one.</param>
internal sealed record ConfirmClosing(string Module, string Note, string By)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, Ground ground)
    {
        if (retirement.ClosingConfirmed)
            return Decision.Nothing;
        if (retirement.Stage != Stage.Migrate)
            return new Refusal("closing.not-yet", "A closing is confirmed in the stage “Migrate”, after customers were asked to move.", "须在“迁移支持”阶段、已请客户迁移之后确认下线。");
        if (Module.Trim() != retirement.Module.Value)
            return new Refusal("closing.module-key", $"Type the module's key “{retirement.Module}” to confirm that it is this one.", $"请输入模块标识“{retirement.Module}”以确认。") { Field = "module" };
        if (Required.Short(Note, "note") is { } tooLong)
            return tooLong;
        if (string.Equals(By, retirement.Closing.ScheduledBy, StringComparison.OrdinalIgnoreCase))
            return new Refusal("closing.same-eyes", "You set this closing day: somebody else must confirm it.", "下线日期由您设定，须由其他人确认。", StatusCodes.Status403Forbidden);
        if (By == Actor.Bootstrap)
            return new Refusal("closing.no-person", "The bootstrap token is nobody's eyes: a person must confirm.", "引导令牌不代表任何人，须由人员确认。", StatusCodes.Status403Forbidden);
        var failing = GoNoGo.Of(retirement, entries, ground).Where(check => check.Standing == Standing.Blocks).ToList();
        return failing.Count > 0
            ? new Refusal("closing.not-ready",
                $"Not yet: {string.Join(" ", failing.Select(check => check.Evidence.En))}",
                $"尚不能下线：{string.Join("", failing.Select(check => check.Evidence.Zh))}")
            : new ClosingConfirmed(Note.Trim());
    }
}
