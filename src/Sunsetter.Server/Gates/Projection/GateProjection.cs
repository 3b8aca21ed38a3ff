using Sunsetter.Gates;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// Folds readings into snapshots. It remembers what it has read and the timelines computed from it, so that one customer's change costs one
/// customer's work. Owned by one loop; the snapshots it gives are immutable.
/// </summary>
internal sealed class GateProjection
{
    private readonly Dictionary<RetirementId, GateLedger> ledgers = [];
    private Dictionary<string, GateModule> modules = new(StringComparer.Ordinal);
    private GateBasis basis = GateBasis.Empty;
    private ShadowModule? shadow;

    public GateSnapshot Apply(GateReading reading)
    {
        if (reading.Whole)
            ledgers.Clear();
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var readings = new HashSet<RetirementId>();
        foreach (var retirement in reading.Retirements)
        {
            if (!ledgers.TryGetValue(retirement.Id, out var ledger))
                ledgers.Add(retirement.Id, ledger = new GateLedger(retirement.Id));
            ledger.Take(retirement);
            readings.Add(retirement.Id);
            changed.Add(retirement.Terms.Module.Value);
        }

        // Whatever stands behind the basis concerns every timeline: names, calendars, the workspace.
        var everything = reading.Whole || reading.Basis is not null;
        if (reading.Basis is { } copied)
            basis = copied;
        shadow = reading.Shadow ?? (reading.Whole ? null : shadow);
        foreach (var ledger in everything ? ledgers.Values : ledgers.Values.Where(ledger => readings.Contains(ledger.Id)))
            ledger.Compute(basis);

        var next = new Dictionary<string, GateModule>(StringComparer.Ordinal);
        foreach (var key in basis.Modules.Keys.Concat(ledgers.Values.Where(ledger => ledger.Terms.InForce).Select(ledger => ledger.Terms.Module.Value)).Where(ModuleProjection.IsModule).Distinct(StringComparer.Ordinal))
            next.Add(key, everything || changed.Contains(key) || !modules.TryGetValue(key, out var known) ? Module(key) : known);
        modules = next;

        var all = next.Values.Concat(shadow is not null ? [Shadow(shadow)] : []);
        return GateSnapshot.Of(reading.Position, reading.At, all);
    }

    /// <summary>Of several retirements of one module the newest that is in force decides.</summary>
    private GateModule Module(string key) =>
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
}
