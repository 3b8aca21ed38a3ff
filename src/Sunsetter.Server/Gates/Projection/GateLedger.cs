using Sunsetter.Gates;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>One retirement as gates know it: its terms, and the timeline of each customer in its ledger.</summary>
internal sealed class GateLedger(RetirementId id)
{
    private readonly Dictionary<string, EntryGateTerms> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GateTimeline> timelines = new(StringComparer.Ordinal);
    private readonly Dictionary<EntryGateTerms, GateTimeline> computed = [];
    private readonly List<string> changed = [];
    private GateBasis? computedWith;
    private int version;

    public RetirementId Id { get; } = id;

    public GateTerms Terms { get; private set; } = null!;

    public GateTimeline Common { get; private set; } = null!;

    public IEnumerable<KeyValuePair<string, GateTimeline>> Timelines => timelines;

    public void Take(RetirementReading reading)
    {
        if (reading.WholeLedger || reading.Version != version)
            computedWith = null;
        (version, Terms) = (reading.Version, reading.Terms);
        if (reading.WholeLedger)
            entries.Clear();
        foreach (var (customer, terms) in reading.Entries.Where(entry => ModuleProjection.IsCustomer(entry.Key.Value)))
        {
            entries[customer.Value] = terms;
            changed.Add(customer.Value);
        }
    }

    /// <summary>Only what differs from the last time: one customer's change costs one customer's work.</summary>
    public void Compute(GateBasis basis)
    {
        if (!ReferenceEquals(computedWith, basis))
        {
            computedWith = basis;
            computed.Clear();
            timelines.Clear();
            Common = ModuleProjection.Common(Terms, basis);
            changed.Clear();
            changed.AddRange(entries.Keys);
        }
        foreach (var customer in changed)
            timelines[customer] = Of(entries[customer], basis);
        changed.Clear();
    }

    private GateTimeline Of(EntryGateTerms terms, GateBasis basis)
    {
        // Most customers deviate in the same few ways.
        if (!computed.TryGetValue(terms, out var timeline))
            computed.Add(terms, timeline = ModuleProjection.Of(Terms, terms, basis));
        return timeline;
    }
}
