using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Computes what the ledger shows of an entry: reach in words, outlook against the closing day, the next step, and how much is at stake.</summary>
internal static class LineRule
{
    public static void Fill(LedgerLine line, Retirement retirement, LedgerEntry entry)
    {
        var move = entry.Move;
        (line.EntryVersion, line.NameEn, line.NameZh, line.Tier, line.Class) = (entry.Version, entry.Name.En, entry.Name.Zh, entry.Tier, entry.Class);
        line.Manager = move.FollowedBy ?? entry.AccountManager;
        line.State = move.State;
        line.ClosesOn = entry.ClosesOn(retirement);
        line.EarliestOn = entry.ClosedAt is null ? entry.Earliest?.Day : null;
        // Once more time or another day has put the next use before the closing, the outlook is again what the weeks say; their kind depends on no day.
        if (line.Outlook == Outlook.NextUseAfterClosing)
            line.Outlook = Projection.Of(line.Weeks, default).Outlook;
        if (line.Outlook is Outlook.NoMovement or Outlook.Done or Outlook.Unknown && line.NextUseOn is { } next && move.State != MoveState.Moved)
            line.Outlook = next >= line.ClosesOn ? Outlook.NextUseAfterClosing : line.Outlook;
        (var reach, line.ReachAlarm) = Reach(entry);
        (line.ReachEn, line.ReachZh) = (reach.En, reach.Zh);
        var run = LastRun(move);
        (line.RunEn, line.RunZh) = (run.En ?? "", run.Zh ?? "");
        var step = NextStep(line, entry);
        // Nothing to do is no words, not none.
        (line.StepEn, line.StepZh) = (step.En ?? "", step.Zh ?? "");
        line.Blocks = entry.ClosedAt is null && Blocks(line, entry);
        line.NeedsWork = move.IsWaiting || entry.ClosedAt is null && (line.Blocks || move.State != MoveState.Moved);
        line.Waits = move.IsWaiting || move.NextOn is not null && move.State != MoveState.Moved;
        line.Consequence = Consequence(line, entry);
    }

    private static bool Blocks(LedgerLine line, LedgerEntry entry) =>
        Unanswered(line, entry) || entry.Move.State == MoveState.Unknown || line.Outlook == Outlook.NextUseAfterClosing
        || entry.Move.IsWaiting;

    private static bool Unanswered(LedgerLine line, LedgerEntry entry) =>
        entry.Class != CustomerClass.Standard && entry.Reach.AcknowledgedOf(line.ClosesOn) is null && !entry.Reach.EscalationExhausted;

    private static (Text, int) Reach(LedgerEntry entry)
    {
        var reach = entry.Reach;
        var zone = Days.Zone(entry.TimeZone);
        if (reach.AcknowledgedAt is { } acknowledged)
            return (On("acknowledged", "已确认", Days.DayOf(acknowledged, zone)), 0);
        if (reach.ReadAt is { } read)
            return (On("read", "已阅读", Days.DayOf(read, zone)), entry.Class == CustomerClass.Standard ? 0 : 1);
        if (reach.Contacts.Count > 0 && reach.Contacts.Values.All(contact => contact.DeadSince is not null))
            return (new("contact left", "联系人已离职"), 2);
        if (reach.ToldOn is { } told)
            return (On("silent since", "未回应，通知于", told), 1);
        return (new("not told yet", "尚未通知"), reach.Notices.Length > 0 ? 2 : 1);
    }

    private static Text LastRun(EntryMove move) => move.Runs.LastOrDefault() switch
    {
        null => default,
        { FinishedAt: null, DryRun: true } => new("dry run under way", "试运行中"),
        { FinishedAt: null } => new("tool is running", "工具运行中"),
        { DryRun: true, Succeeded: true } => new("dry run passed", "试运行通过"),
        { DryRun: true } => new("dry run failed", "试运行失败"),
        { Succeeded: true } => new("tool has moved them", "工具已迁移"),
        _ => new("tool failed", "工具执行失败"),
    };

    private static Text On(string en, string zh, DateOnly day) => new($"{en} {Days.En(day)}", $"{zh} {Days.Zh(day)}");

    private static Text NextStep(LedgerLine line, LedgerEntry entry)
    {
        var move = entry.Move;
        if (move.OpenHelp.Select(help => (DateOnly?)Days.DayOf(help.At, Days.Zone(entry.TimeZone))).FirstOrDefault() is { } day)
            return new($"Answer their question of {Days.En(day)}", $"答复其 {Days.Zh(day)}的求助");
        if (move.Extension is { } asked)
            return new($"Decide on more time until {Days.En(asked.Until)}", $"决定是否延期至 {Days.Zh(asked.Until)}");
        if (entry.ClosedAt is not null)
            return default;
        if (move.Runs.LastOrDefault() is { FinishedAt: not null, Succeeded: false })
            return new("Look why the migration tool failed", "查明迁移工具失败原因");
        if (move.NextStep.Length > 0 && move.State != MoveState.Moved)
            return move.NextOn is { } on ? new($"{move.NextStep} ({Days.En(on)})", $"{move.NextStep}（{Days.Zh(on)}）") : Text.Same(move.NextStep);
        if (line.ReachAlarm == 2)
            return new("Find another contact and call", "寻找其他联系人并致电");
        if (line is { Outlook: Outlook.NextUseAfterClosing, NextUseOn: { } next })
            return new($"Offer an extension past {Days.En(next)}", $"提供延期至 {Days.Zh(next)}之后");
        return move.State switch
        {
            MoveState.Unknown => new("Ask for a report of use", "请其提供使用情况"),
            MoveState.WentBack => new("Ask what was missing", "询问回流原因"),
            MoveState.NotStarted => new("Call and offer help", "致电并提供协助"),
            MoveState.Quiet => new("Ask whether they are done", "确认是否已不再使用"),
            // What keeps the closing from its day is never nothing to do.
            _ when Unanswered(line, entry) => new("Ask for their acknowledgement", "请其确认知悉"),
            MoveState.Moving when line.Outlook is Outlook.Rising or Outlook.NoMovement || line.DoneOn > line.ClosesOn => new("Ask what slows them down", "询问迁移放缓的原因"),
            _ => default,
        };
    }

    // What is lost when nobody acts: first whom it blocks, then who they are, then how they stand, then how many people.
    private static int Consequence(LedgerLine line, LedgerEntry entry)
    {
        if (entry.ClosedAt is not null)
            return 0;
        var standing = line.State switch
        {
            MoveState.WentBack => 5,
            MoveState.NotStarted => 4,
            MoveState.Unknown => 3,
            MoveState.Quiet => 2,
            MoveState.Moving => 1,
            _ => 0,
        };
        return (line.Blocks ? 4_000_000 : 0) + (line.NeedsWork && entry.Class != CustomerClass.Standard ? 2_000_000 : 0) + standing * 200_000 + (int)Math.Min(199_999, line.OldUsers ?? 0);
    }
}
