using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Observe;

/// <summary>One who uses the module although it is closed for them.</summary>
/// <param name="Users">Different users, on all such days together.</param>
/// <param name="Since">The first such day, UTC.</param>
/// <param name="Judged">Somebody has settled the finding of it, and it has gone on no longer than <see cref="UseAfterClosing.JudgedFor"/> since.</param>
internal sealed record StillUsing(CustomerKey Customer, Text Name, long Users, DateOnly Since, DateOnly Last, bool Judged);

/// <summary>
/// Use of a closed module (O1): not calls that a gate refused, but such as were let in, by an application that does not ask. Only whole days (UTC) on which the gate was closed all the
/// time count: on the day of the closing, and under an emergency restore, use is lawful.
/// </summary>
internal static class UseAfterClosing
{
    /// <summary>A settled finding answers for the use of so many days more: a mend takes time to reach everybody, and what may run on needs no word every day.</summary>
    public const int JudgedFor = 7;

    private const string Prefix = "used/";
    private const int Named = 4, NamedSources = 3;

    /// <param name="use">By customer, whoever used the module in the days from <paramref name="from"/> on.</param>
    public static IReadOnlyList<StillUsing> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly from, IReadOnlyDictionary<CustomerKey, CustomerDays> use)
    {
        var known = entries.ToDictionary(entry => entry.Customer);
        // For whoever has no entry the module closed on the common day.
        var common = retirement.Schedule is { } schedule ? schedule.InstantOf(schedule.ClosesOn) : (DateTimeOffset?)null;
        var found = new List<StillUsing>();
        foreach (var (customer, days) in use)
        {
            var entry = known.GetValueOrDefault(customer);
            if ((entry is null ? common : entry.ClosedAt) is not { } closed)
                continue;
            OpenAgain[] restores = [.. retirement.Closing.Restores, .. entry?.Closure.Restores ?? []];
            var unlawful = days.Users.Select((users, at) => users is not null && IsClosed(from.AddDays(at), closed, restores) ? users : null).ToArray();
            var (first, last) = (Array.FindIndex(unlawful, users => users is not null), Array.FindLastIndex(unlawful, users => users is not null));
            if (first < 0)
                continue;
            var (since, until) = (from.AddDays(first), from.AddDays(last));
            found.Add(new StillUsing(customer, entry?.Name ?? Text.Same(customer.Value), UserSetUnion.Of(unlawful).Count, since, until, IsJudged(retirement, since, until)));
        }
        return [.. found.OrderByDescending(one => one.Users).ThenBy(one => one.Customer.Value, StringComparer.Ordinal)];
    }

    public static bool IsOf(Anomaly anomaly) => anomaly.Id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The finding to raise; null where all of it is judged, or the one before still waits.</summary>
    /// <param name="sources">Who reported on the module on those days.</param>
    public static RaiseAnomaly? Find(Retirement retirement, IReadOnlyList<StillUsing> still, IReadOnlyList<string> sources)
    {
        var before = retirement.Observing.Anomalies.Where(IsOf).ToList();
        var found = still.Where(one => !one.Judged).ToList();
        return found.Count == 0 || before.Exists(anomaly => anomaly.SettledAt is null) ? null : new RaiseAnomaly($"{Prefix}{before.Count + 1}", Sentence(found, sources));
    }

    private static bool IsClosed(DateOnly day, DateTimeOffset closed, OpenAgain[] restores)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return start >= closed && !restores.Any(restore => restore.From < start.AddDays(1) && (restore.Until is null || restore.Until > start));
    }

    // Who began only after it was settled was not judged by it.
    private static bool IsJudged(Retirement retirement, DateOnly since, DateOnly last) => retirement.Observing.Anomalies.Where(IsOf)
        .Select(anomaly => anomaly.SettledAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : (DateOnly?)null).Any(day => since <= day && last <= day?.AddDays(JudgedFor));

    private static Text Sentence(IReadOnlyList<StillUsing> found, IReadOnlyList<string> sources)
    {
        var (named, reported) = (found.Take(Named).ToList(), sources.Take(NamedSources).ToList());
        var (more, moreSources) = (found.Count - named.Count, sources.Count - reported.Count);
        return new Text(
            $"{Text.Many(found.Count, "customer")} still {(found.Count == 1 ? "uses" : "use")} the module, although it is closed for them: {string.Join(", ", named.Select(one => $"{one.Name.En} ({Text.Many(one.Users, "user")} since {Days.En(one.Since)})"))}{(more > 0 ? $" and {more} more" : "")}. "
            + $"{(reported.Count > 0 ? $"Reported by {string.Join(", ", reported)}{(moreSources > 0 ? $" and {moreSources} more" : "")}. " : "")}An application lets them in without asking the gate: have it ask, or settle this with the reason why they may go on.",
            $"模块已下线，但仍有 {found.Count} 个客户在使用：{string.Join("、", named.Select(one => $"{one.Name.Zh}（{one.Users:N0} 位用户，自 {Days.Zh(one.Since)}起）"))}{(more > 0 ? $"等，另有 {more} 个" : "")}。"
            + $"{(reported.Count > 0 ? $"上报来源：{string.Join("、", reported)}{(moreSources > 0 ? $"等 {sources.Count} 个" : "")}。" : "")}有应用未查询闸门即放行：请让其查询闸门，或处理时说明为何可以继续使用。");
    }
}
