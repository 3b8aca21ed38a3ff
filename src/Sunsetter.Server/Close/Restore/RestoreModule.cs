using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Brings the module back at once, for everybody or for one customer, for a time and with a reason (C5).</summary>
internal sealed record RestoreModule(string Reason, DateTimeOffset Until)
{
    public Decision ForAll(Retirement retirement, IReadOnlyList<LedgerEntry> entries, ClosingRules rules, Rehearsals rehearsals, DateTimeOffset now)
    {
        if (Bounds(retirement, rules, now) is { } refusal)
            return refusal;
        if (!IsShut(retirement, entries, rehearsals, now))
            return new Refusal("restore.open", "The module is still open for everybody. To leave it open longer, give customers more time or move the closing day.", "该模块对所有客户仍然开放。如需延长开放，请为客户批准延期或更改下线日。");
        return new ModuleRestored(Reason.Trim(), Until);
    }

    public Decision ForOne(Retirement retirement, LedgerEntry entry, ClosingRules rules, Rehearsals rehearsals, DateTimeOffset now)
    {
        if (Bounds(retirement, rules, now) is { } refusal)
            return refusal;
        if (!IsShut(retirement, entry, rehearsals, now))
            return new Refusal("restore.open", "The module is still open for this customer. To leave it open longer, grant an extension.", "该模块对此客户仍然开放。如需延长开放，请批准延期。");
        return Decision.Of(entry.Customer, new CustomerRestored(Reason.Trim(), Until));
    }

    /// <summary>The gate is closed for somebody; who has no entry is closed on the common day.</summary>
    public static bool IsShut(Retirement retirement, IReadOnlyList<LedgerEntry> entries, Rehearsals rehearsals, DateTimeOffset now) =>
        IsShutByPlan(retirement, now) || entries.Any(entry => IsShut(retirement, entry, rehearsals, now));

    /// <summary>The common instant has come: known without a look at the entries.</summary>
    public static bool IsShutByPlan(Retirement retirement, DateTimeOffset now) =>
        retirement is { Schedule: { } schedule, GoHolds: true } && schedule.InstantOf(schedule.ClosesOn) - retirement.FirstShareAhead <= now;

    /// <summary>The gate is closed for somebody at this customer: closed for good, closed for the first shares of their users, or in a rehearsal.</summary>
    public static bool IsShut(Retirement retirement, LedgerEntry entry, Rehearsals rehearsals, DateTimeOffset now) =>
        entry.ClosedAt is not null || ClosingTime.Of(retirement, entry) - retirement.FirstShareAhead <= now
        || entry.Move.State != MoveState.Moved && rehearsals.Of(retirement, entry).Any(rehearsal => rehearsal.At <= now && now < rehearsal.At.AddMinutes(rehearsal.Minutes));

    private Refusal? Bounds(Retirement retirement, ClosingRules rules, DateTimeOffset now)
    {
        if (Required.Words(Reason, "reason", new("why the module must come back", "恢复该模块的原因")) is { } missing)
            return missing;
        if (retirement.Ended)
            return new Refusal("restore.ended", "This retirement has ended; its gates are no longer kept.", "该退役已结束，不再维护其闸门。");
        if (retirement.Schedule is null)
            return new Refusal("restore.never-closed", "Nothing has been closed: there is nothing to bring back.", "尚未执行任何下线，无需恢复。");
        if (Until <= now)
            return new Refusal("restore.past", "Say until when it shall be open: an instant in the future.", "请填写恢复至何时，须为将来的时间。") { Field = "until" };
        if (Until > now.AddDays(rules.LongestRestoreDays))
            return new Refusal("restore.too-long", $"A restore lasts {rules.LongestRestoreDays} days at most, so that none is forgotten. Choose an earlier end; it can be pressed again.",
                $"为避免遗忘，恢复最长 {rules.LongestRestoreDays} 天。请选择更早的结束时间，到期后可再次恢复。")
            { Field = "until" };
        return null;
    }
}

/// <summary>A restore is ended by hand: the gate closes again now.</summary>
internal sealed record EndRestore(string Reason)
{
    public Decision ForAll(Retirement retirement) =>
        Missing() is { } missing ? missing : retirement.Restore is null ? None : new ModuleRestoreEnded(Reason.Trim());

    public Decision ForOne(LedgerEntry entry) =>
        Missing() is { } missing ? missing : entry.Restore is null ? None : Decision.Of(entry.Customer, new CustomerRestoreEnded(Reason.Trim()));

    private Refusal? Missing() => Required.Words(Reason, "reason", new("why it may close again", "可以再次关闭的原因"));

    private static Refusal None => new("restore.none", "No restore is in force.", "当前没有生效的恢复。");
}
