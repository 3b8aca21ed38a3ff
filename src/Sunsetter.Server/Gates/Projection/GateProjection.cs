using Sunsetter.Gates;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// Folds readings into snapshots. It remembers what it has read and the timelines computed from it, so that one customer's change costs one
/// customer's work. Owned by one loop; the snapshots it gives are immutable.
/// </summary>
internal sealed class GateProjection
{
    private readonly Dictionary<RetirementId, Ledger> ledgers = [];
    private Dictionary<string, GateModule> modules = new(StringComparer.Ordinal);
    private string? basisJson;

    public GateSnapshot Apply(GateReading reading)
    {
        if (reading.Whole)
            ledgers.Clear();
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var retirement in reading.Retirements)
        {
            if (!ledgers.TryGetValue(retirement.Id, out var ledger))
                ledgers.Add(retirement.Id, ledger = new Ledger(retirement.Id));
            ledger.Apply(retirement);
            changed.Add(retirement.Terms.Module.Value);
        }

        var basis = reading.Basis;
        var json = basis.Json();
        var everything = reading.Whole || json != basisJson;
        basisJson = json;
        var next = new Dictionary<string, GateModule>(StringComparer.Ordinal);
        foreach (var key in basis.Modules.Keys.Concat(ledgers.Values.Where(ledger => ledger.Terms.InForce).Select(ledger => ledger.Terms.Module.Value)).Distinct(StringComparer.Ordinal))
            next.Add(key, everything || changed.Contains(key) || !modules.TryGetValue(key, out var known) ? Module(key, basis) : known);
        modules = next;

        var all = next.Values.Concat(reading.Shadow is { } shadow ? [Shadow(shadow)] : []);
        return GateSnapshot.Of(reading.Position, reading.At, all);
    }

    /// <summary>Of several retirements of one module the newest that is in force decides.</summary>
    private GateModule Module(string key, GateBasis basis) =>
        ledgers.Values.Where(ledger => ledger.Terms.Module.Value == key && ledger.Terms.InForce).MaxBy(ledger => ledger.Id.Value) is { } ledger
            ? ModuleProjection.Retiring(ledger.Terms, basis, ledger.Common, ledger.Timelines)
            : ModuleProjection.NotRetiring(key, basis);

    private static GateModule Shadow(ShadowModule shadow)
    {
        var closed = new GateSegment(shadow.ClosedAt, GateState.Closed, GateReasons.Drill);
        var timeline = shadow.OpenedAt is not { } opened ? GateTimeline.Of(closed)
            // Opened within the millisecond of its closing: it was never closed for anybody.
            : opened <= shadow.ClosedAt ? GateTimeline.Of(new GateSegment(opened, GateState.Open, GateReasons.Drill))
            : GateTimeline.Of(closed, new GateSegment(opened, GateState.Open, GateReasons.Drill));
        return GateModule.Of(ShadowModule.Key, LocalizedText.Of("Restore drill", "恢复演练"), timeline);
    }

    /// <summary>One retirement: its terms, and the timeline of each customer in its ledger.</summary>
    private sealed class Ledger(RetirementId id)
    {
        private readonly Dictionary<string, (EntryGateTerms Terms, GateTimeline Timeline)> entries = new(StringComparer.Ordinal);
        private Dictionary<EntryGateTerms, GateTimeline> computed = [];

        public RetirementId Id { get; } = id;

        public GateTerms Terms { get; private set; } = null!;

        public GateTimeline Common { get; private set; } = null!;

        public IEnumerable<KeyValuePair<string, GateTimeline>> Timelines => entries.Select(entry => new KeyValuePair<string, GateTimeline>(entry.Key, entry.Value.Timeline));

        public void Apply(RetirementReading reading)
        {
            Terms = reading.Terms;
            Common = ModuleProjection.Common(Terms);
            // Terms are read anew each time; that they are the same cannot be told by reference, and to compute a few dozen timelines is cheap.
            computed = [];
            if (reading.WholeLedger)
                entries.Clear();
            foreach (var (customer, terms) in entries.ToList().Select(entry => (entry.Key, entry.Value.Terms)))
                entries[customer] = (terms, Compute(terms));
            foreach (var (customer, terms) in reading.Entries)
                entries[customer.Value] = (terms, Compute(terms));
        }

        private GateTimeline Compute(EntryGateTerms terms)
        {
            // Most customers deviate in the same few ways.
            if (!computed.TryGetValue(terms, out var timeline))
                computed.Add(terms, timeline = ModuleProjection.Of(Terms, terms));
            return timeline;
        }
    }
}
