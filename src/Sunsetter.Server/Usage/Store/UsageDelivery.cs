namespace Sunsetter.Server.Usage;

/// <summary>A tally on its way into storage.</summary>
/// <param name="Key">Counted at most once, however often it is sent.</param>
/// <param name="Source">Who reports: the name of a key, of a gateway or of a file.</param>
/// <param name="Rejected">Lines that were not counted.</param>
internal sealed record UsageDelivery(string Key, string Source, DateTimeOffset ReceivedAt, UsageTally Tally, int Rejected = 0)
{
    /// <summary>Tallies that count together with the first: of a part of a file that several threads have read.</summary>
    public IReadOnlyList<UsageTally> Further { get; init; } = [];

    /// <summary>A fingerprint of the events as they were sent, which tells a repetition from another batch with the same key; empty: not asked.</summary>
    public string Content { get; init; } = "";

    public long Memory => Tally.Memory + Further.Sum(tally => tally.Memory);

    public int Events => Tally.Events + Further.Sum(tally => tally.Events);

    /// <summary>The source vouches for the day of receipt only, whatever days its lines are of.</summary>
    public bool ReportsToday { get; init; }

    /// <summary>Days on which the source was alive although it may have had nothing to count.</summary>
    public IReadOnlyCollection<int> Heartbeats { get; init; } = [];
}
