using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>The "go": from now on the gates close at their times. By somebody who has planned none of them, and only when nothing blocks. Once a time has changed it is given again.</summary>
/// <param name="Module">The module's key, typed by hand, so that nobody closes the wrong one.</param>
internal sealed record ConfirmClosing(string Module, string Note, string By)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, Ground ground)
    {
        if (!IsNeeded(retirement, entries))
            return Decision.Nothing;
        if (retirement.Stage is not (Stage.Migrate or Stage.Close))
            return new Refusal("closing.not-yet", "A closing is confirmed in the stage “Migrate”, after customers were asked to move.", "须在“迁移支持”阶段、已请客户迁移之后确认下线。");
        if (Module.Trim() != retirement.Module.Value)
            return new Refusal("closing.module-key", $"Type the module's key “{retirement.Module}” to confirm that it is this one.", $"请输入模块标识“{retirement.Module}”以确认。") { Field = "module" };
        if (Required.Short(Note, "note") is { } tooLong)
            return tooLong;
        if (HasPlanned(retirement, entries, By))
            return new Refusal("closing.same-eyes", "Part of this plan is yours (a date, a wave, shares, an override or a year accepted): somebody else must confirm it.", "该计划中有您设定的内容（日期、批次、分批、例外或未公布年份的确认），须由其他人确认。", StatusCodes.Status403Forbidden);
        if (By == Actor.Bootstrap)
            return new Refusal("closing.no-person", "The bootstrap token is nobody's eyes: a person must confirm.", "引导令牌不代表任何人，须由人员确认。", StatusCodes.Status403Forbidden);
        var failing = GoNoGo.Of(retirement, entries, ground).Where(check => check.Standing == Standing.Blocks).ToList();
        return failing.Count > 0
            ? new Refusal("closing.not-ready",
                $"Not yet: {string.Join(" ", failing.Select(check => check.Evidence.En))}",
                $"尚不能下线：{string.Join("", failing.Select(check => check.Evidence.Zh))}")
            : new ClosingConfirmed(Note.Trim());
    }

    /// <summary>No go was given, or somebody closes at another time than the one for which it was.</summary>
    public static bool IsNeeded(Retirement retirement, IReadOnlyList<LedgerEntry> entries) =>
        retirement.Confirmed is null || (entries.Count == 0 ? !retirement.GoHolds : Waiting(retirement, entries).Any());

    /// <summary>Those for whom no go holds: they stay open.</summary>
    public static IEnumerable<LedgerEntry> Waiting(Retirement retirement, IEnumerable<LedgerEntry> entries) => entries.Where(entry => entry.ClosedAt is null && !retirement.GoHoldsFor(entry));

    /// <summary>Whether a time that is to be confirmed is theirs, or an exception without which it would be unlawful.</summary>
    public static bool HasPlanned(Retirement retirement, IReadOnlyList<LedgerEntry> entries, string person) => Planners(retirement, entries).Contains(person, StringComparer.OrdinalIgnoreCase);

    /// <summary>Who has planned what is to be confirmed. What a go has confirmed already is not asked about again.</summary>
    public static IEnumerable<string> Planners(Retirement retirement, IReadOnlyList<LedgerEntry> entries)
    {
        var since = retirement.Confirmed?.At ?? DateTimeOffset.MinValue;
        return [.. retirement.Closing.Planners, .. entries.Where(entry => entry.ClosedAt is null).SelectMany(entry => entry.Dates.Waves.Where(chosen => chosen.At > since).Select(chosen => chosen.By)
            .Concat(entry.Dates.Excepted is { } excepted && excepted.At > since ? [excepted.RequestedBy] : []))];
    }
}
