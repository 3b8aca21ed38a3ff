using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Is any customer in the way: not told, not known, needing the module after its end, waiting for an answer?</summary>
internal static class CustomerChecks
{
    public static IEnumerable<Check> Of(Retirement retirement, IReadOnlyList<LedgerEntry> open, Ground ground)
    {
        yield return Check.Over("reach.key-customers", new("Has every key customer acknowledged, or was every way to them exhausted?", "重点客户是否均已确认，或已穷尽联系途径？"),
            [.. open.Where(entry => entry.Class != CustomerClass.Standard && entry.Reach.AcknowledgedOf(entry.ClosesOn(retirement)) is null && !entry.Reach.EscalationExhausted)],
            new("Every key and enterprise customer has acknowledged, or a person has spoken with them.", "所有重点与企业客户均已确认，或已由专人沟通。"),
            names => new($"No acknowledgement and no exhausted escalation: {names.En}.", $"未确认且升级途径尚未穷尽：{names.Zh}。"), "announce");
        yield return Check.Over("reach.everybody", new("Was every customer told the day that holds?", "是否所有客户都已获知现行日期？"),
            [.. open.Where(entry => !Told(entry, entry.ClosesOn(retirement)))],
            new("The day that holds reached somebody alive at every customer.", "每个客户都有在任联系人获知现行日期。"),
            names => new($"Nobody alive knows the day that holds: {names.En}.", $"没有在任联系人获知现行日期：{names.Zh}。"), "announce");
        yield return Check.Over("usage.coverage", new("Do we know who still uses it?", "是否清楚还有谁在使用？"),
            [.. open.Where(entry => entry.Move.State == MoveState.Unknown)],
            new("Usage is known for every customer.", "所有客户的使用情况均已知。"),
            names => new($"Unknown is not zero. No reports of use from: {names.En}.", $"“未知”不等于“没有使用”。缺少使用上报：{names.Zh}。"), "migrate?show=unknown");
        yield return Check.Over("usage.next-use", new("Does nobody need it again after their closing?", "下线后是否还有客户需要使用？"),
            [.. open.Where(entry => entry.Move.State != MoveState.Moved && ground.NextUses.TryGetValue(entry.Customer, out var next) && next >= entry.ClosesOn(retirement))],
            new("No periodic user is expected back after their closing day.", "没有周期性用户会在下线日之后再次使用。"),
            names => new($"Uses it periodically, and next after closing: {names.En}. Grant an extension or help them move.", $"周期性使用且下次使用在下线之后：{names.Zh}。请批准延期或协助迁移。"), "migrate?show=needs-work");
        yield return Check.Over("help.open", new("Is every request answered?", "所有请求是否均已答复？"),
            [.. open.Where(entry => entry.Move.OpenHelp.Any() || entry.Move.Extension is not null)],
            new("No request for help or for more time is open.", "没有待处理的求助或延期申请。"),
            names => new($"Waiting for our answer: {names.En}.", $"等待我方答复：{names.Zh}。"), "migrate?show=needs-work");
        yield return Check.Over("move.still-there", new("Who will be refused?", "下线后哪些客户会被拒绝访问？"),
            [.. open.Where(entry => entry.Move.State is MoveState.NotStarted or MoveState.Moving or MoveState.WentBack)],
            open.Any(entry => entry.Move.State == MoveState.Unknown)
                ? new("Nobody is known to use the old module, but of some customers nothing is known.", "未发现仍在使用旧模块的客户，但部分客户情况未知。")
                : new("Nobody uses the old module any more.", "已无客户使用旧模块。"),
            names => new($"They still use the old module and will be refused: {names.En}.", $"仍在使用旧模块，下线后将被拒绝：{names.Zh}。"), "migrate?show=needs-work", Standing.Note);
    }

    private static bool Told(LedgerEntry entry, DateOnly? day) =>
        day is { } closes && (entry.Reach.ToldOf(closes) ?? (entry.Reach.Latest is null ? entry.Reach.ToldOn : null)) is not null || entry.Reach.AcknowledgedOf(day) is not null || entry.Reach.EscalationExhausted;
}
