using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>What stands in the way of deleting data whose retention has ended.</summary>
internal enum Keeps
{
    /// <summary>Nothing: it is deleted at the next turn.</summary>
    Nothing,

    /// <summary>A legal hold: it wins over every period.</summary>
    LegalHold,

    /// <summary>The retirement is not finished: observation still needs it.</summary>
    NotFinished,

    /// <summary>No archive was verified: nothing is deleted that nobody could read again.</summary>
    NoArchive,
}

/// <summary>One kind of data, of one customer where it belongs to one.</summary>
/// <param name="KeptUntil">Last day of its retention, in the zone of the schedule; null while it has not begun, or for ever.</param>
internal sealed record KeptFor(DataKind Kind, CustomerKey? Customer, DateOnly? KeptUntil, Keeps Keeps)
{
    public bool EndedOn(DateOnly today) => KeptUntil < today;
}

/// <summary>Until when everything of a retirement is kept, and what keeps it longer. A pure rule: the due step does what it says, the pages show it.</summary>
internal static class Retention
{
    public static IReadOnlyList<KeptFor> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, RetentionRules rules)
    {
        var zone = Days.Zone(retirement.Schedule?.Zone);
        var kept = new List<KeptFor>();
        foreach (var entry in entries)
            foreach (var kind in (DataKind[])[DataKind.Usage, DataKind.MigrationRuns, DataKind.Notices])
                kept.Add(new(kind, entry.Customer, Until(entry.ClosedAt, rules.DaysOf(kind), zone), Keeping(retirement, kind, entry.Customer)));
        var ended = retirement.Entered.TryGetValue(Stage.Finished, out var at) ? at : (DateTimeOffset?)null;
        kept.Add(new(DataKind.Archives, null, Until(ended, rules.ArchiveDays, zone), Keeping(retirement, DataKind.Archives, null)));
        return kept;
    }

    private static DateOnly? Until(DateTimeOffset? from, int days, TimeZoneInfo zone) => from is { } instant && days > 0 ? Days.DayOf(instant, zone).AddDays(days) : null;

    // An archive holds everybody's data: whoever's is held, holds it. What lies in nobody's name is held by a hold on everything.
    private static Keeps Keeping(Retirement retirement, DataKind kind, CustomerKey? customer) =>
        retirement.Closing.HoldsInForce.Any(hold => hold.Customer is null || kind == DataKind.Archives || hold.Customer == customer) ? Keeps.LegalHold
        : retirement.Stage != Stage.Finished ? Keeps.NotFinished
        : kind != DataKind.Archives && retirement.Closing.Archive is not { VerifiedAt: not null } ? Keeps.NoArchive
        : Keeps.Nothing;
}
