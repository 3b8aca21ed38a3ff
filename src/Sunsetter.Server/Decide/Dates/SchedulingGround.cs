using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>What a schedule is judged by, gathered before the rule is asked.</summary>
/// <param name="Zone">IANA name of the vendor's zone, in which closing times are meant.</param>
/// <param name="Questions">What the policy is asked about each customer with an entry.</param>
internal sealed record SchedulingGround(
    NoticePolicy Policy, ClosingDays Days, string Zone, IReadOnlyDictionary<CustomerKey, NoticeQuestion> Questions, DateTimeOffset Now)
{
    /// <summary>So many days ahead users must know of a share that closes before the rest.</summary>
    public int ShareNoticeDays { get; init; } = new ClosingRules().BrownoutNoticeDays;

    public DateOnly Today => Platform.Days.DayOf(Now, Platform.Days.Zone(Zone));

    /// <summary>The policy's day for an entry; the day of an approved override where there is one.</summary>
    public EarliestDay? Earliest(LedgerEntry entry, DateOnly noticeStart)
    {
        if (entry.Earliest is { Overridden: true } overridden)
            return overridden;
        if (!Questions.TryGetValue(entry.Customer, out var question))
            return entry.Earliest;
        var answer = Policy.EarliestClose(question, noticeStart);
        return new EarliestDay(answer.Day, answer.RuleCode, answer.Rule, Overridden: false);
    }
}
