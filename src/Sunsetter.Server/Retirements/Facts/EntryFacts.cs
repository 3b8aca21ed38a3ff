using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// The dates of one customer. Every stage reads these.

/// <summary>How a customer is told and treated (N2, N3).</summary>
internal enum CustomerClass
{
    Standard,
    Key,
    Enterprise,
}

/// <summary>The customer is affected: what was known of them when the entry was opened.</summary>
[StoredAs("entry.opened")]
internal sealed record EntryOpened(Text Name, string Tier, CustomerClass Class, string? AccountManager, string TimeZone, string Locale) : EntryFact
{
    /// <summary>Whose calendar this customer works by: two letters; null: not known.</summary>
    public string? Country { get; init; }
}

/// <summary>Another account manager looks after the customer, by the catalogue; null: nobody.</summary>
[StoredAs("entry.manager-changed")]
internal sealed record ManagerChanged(string? Manager) : EntryFact;

/// <summary>The customer closes with a wave instead of on the common day; null puts them back.</summary>
[StoredAs("entry.wave-set")]
internal sealed record WaveSet(string? Wave) : EntryFact;

/// <summary>When this customer may lawfully be closed, and the rule that decided it.</summary>
[StoredAs("entry.earliest-computed")]
internal sealed record EarliestComputed(DateOnly Day, string RuleCode, Text Rule) : EntryFact;

/// <summary>An override of the earliest day, with its author and its approver (the fact's own <c>By</c>).</summary>
[StoredAs("entry.earliest-overridden")]
internal sealed record EarliestOverridden(DateOnly Day, string Reason, string RequestedBy) : EntryFact;

/// <summary>More time for one customer (G7): open until the end of this day.</summary>
[StoredAs("entry.extension-granted")]
internal sealed record ExtensionGranted(DateOnly Until, string Reason) : EntryFact;

[StoredAs("entry.closed")]
internal sealed record CustomerClosed(DateTimeOffset EffectiveAt) : EntryFact;

/// <summary>Emergency restore for this customer (C5).</summary>
[StoredAs("entry.restored")]
internal sealed record CustomerRestored(string Reason, DateTimeOffset? Until) : EntryFact;

[StoredAs("entry.restore-ended")]
internal sealed record CustomerRestoreEnded(string Reason) : EntryFact;
