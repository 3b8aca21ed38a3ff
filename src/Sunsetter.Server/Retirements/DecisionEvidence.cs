using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What the approvers were shown, as it was on the day of submission: a decision record must not change with tomorrow's figures.</summary>
/// <param name="AsOf">The last whole day that the figures count.</param>
/// <param name="Daily">Different users on that day; null where no source reports.</param>
/// <param name="Weekly">Different users in the 7 days up to it.</param>
/// <param name="Monthly">Different users in the 28 days up to it.</param>
/// <param name="Trend">Change of those against the 28 days before, as a share; null where that is not known.</param>
/// <param name="Coverage">Which sources report and since when, as a sentence.</param>
/// <param name="Affected">Customers the ledger would be opened for today.</param>
/// <param name="ValueAtRisk">Their contract value in a year, by currency.</param>
/// <param name="EarliestForAll">First day on which every one of them may be closed, were they told on <paramref name="AsOf"/>.</param>
/// <param name="EarliestBoundBy">The customer and the rule that decide it.</param>
internal sealed record DecisionEvidence(
    DateOnly AsOf, long? Daily, long? Weekly, long? Monthly, double? Trend, Text Coverage, int Affected,
    ImmutableSortedDictionary<string, decimal> ValueAtRisk, DateOnly? EarliestForAll, Text? EarliestBoundBy)
{
    public ImmutableArray<FlaggedDependent> Flagged { get; init; } = [];
}

/// <param name="Why">Each reason for which they were flagged.</param>
internal sealed record FlaggedDependent(CustomerKey Customer, Text Name, ImmutableArray<Text> Why)
{
    /// <summary>What was said of every one of its flags where the module is looked at; null while one is open. With the submission it becomes a fact of its own.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Settled? Word { get; init; }
}

/// <summary>One month of a module (A2).</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Revenue">What customers pay for it; null where it is not sold apart.</param>
internal sealed record CostMonth(DateOnly Month, decimal Servers, decimal People, decimal BugFixing, decimal? Revenue)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public decimal Total => Servers + People + BugFixing;
}

internal enum CapabilityCoverage
{
    Covered,
    Partly,
    Missing,
}

/// <param name="NoticeablyWorse">People will notice that it is worse than before.</param>
internal sealed record Comparison(ModuleKey Replacement, string Capability, CapabilityCoverage Coverage, bool NoticeablyWorse, string Note, string By);

internal enum Leaning
{
    For,
    Concerned,
    Against,
}

internal sealed record Voice(Role From, Leaning Leaning, string Words, string By, DateTimeOffset At);

internal sealed record Research(CustomerKey Customer, DateOnly On, string With, string Finding, string By, DateTimeOffset At);
