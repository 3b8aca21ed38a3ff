namespace Sunsetter.Gates.Planning;

/// <summary>What holds at an instant: a ground for everyone and, above it, a share of the users that is closed already.</summary>
internal readonly record struct Paint(GateState State, string? Reason, int ClosedShare, DateTimeOffset? Closes);

/// <summary>The plan and the deviation of one customer as layers, painted over each other: warning, brownouts, closing, restores.</summary>
internal sealed class Layers
{
    private readonly ClosingPlan _plan;
    private readonly CustomerDeviation _customer;
    private readonly long? _closes;
    private readonly List<BrownoutWindow> _brownouts = [];
    private readonly List<KeyValuePair<long, int>> _steps = [];

    public Layers(ClosingPlan plan, CustomerDeviation customer)
    {
        _plan = plan;
        _customer = customer;
        _closes = ClosingOf(plan, customer);
        if (!customer.SparedFromBrownouts)
            foreach (var planned in plan.Brownouts)
                if (BrownoutWindow.Of(planned, customer) is { } window && window.From >= plan.WarnFrom?.UtcTicks)
                    _brownouts.Add(window);
        if (_closes is not null && customer.ClosedAt is null)
            foreach (var step in plan.Gradual)
                if (step.Before > TimeSpan.Zero && step.Share is > 0 and < GateSegment.Everyone)
                    _steps.Add(new(Math.Max(Announced!.Value.UtcTicks - step.Before.Ticks, plan.ConfirmedAt!.Value.UtcTicks), step.Share));
    }

    private DateTimeOffset? Announced => _customer.ClosesAt ?? _plan.ClosesAt;

    /// <summary>Every instant at which something may change, earliest first.</summary>
    public IEnumerable<long> Edges()
    {
        var edges = new SortedSet<long>();
        if (_plan.WarnFrom is { } warn) edges.Add(warn.UtcTicks);
        if (_closes is { } closes) edges.Add(closes);
        foreach (var brownout in _brownouts)
        {
            edges.Add(brownout.From);
            edges.Add(brownout.Until);
        }

        foreach (var step in _steps) edges.Add(step.Key);
        foreach (var restored in new[] { _plan.Restored, _customer.Restored })
        {
            if (restored is null) continue;
            edges.Add(restored.From.UtcTicks);
            if (restored.Until is { } until) edges.Add(until.UtcTicks);
        }

        return edges;
    }

    public Paint At(long ticks)
    {
        var closed = ticks >= _closes;
        var brownout = !closed && _brownouts.Exists(b => b.From <= ticks && ticks < b.Until);
        if (IsRestored(_plan.Restored, ticks) || IsRestored(_customer.Restored, ticks))
        {
            if (closed || brownout) return new Paint(GateState.Open, GateReasons.Restored, 0, null);
            return Warning(ticks, 0);
        }

        if (closed) return new Paint(GateState.Closed, GateReasons.Retired, 0, null);
        var share = _steps.Where(step => step.Key <= ticks).Select(step => step.Value).DefaultIfEmpty(0).Max();
        return brownout ? new Paint(GateState.Brownout, GateReasons.Rehearsal, share, Uncertain) : Warning(ticks, share);
    }

    private Paint Warning(long ticks, int share) =>
        ticks >= _plan.WarnFrom?.UtcTicks
            ? new Paint(GateState.Warned, _customer.Extended ? GateReasons.Extended : GateReasons.ClosingAnnounced, share, Uncertain)
            : new Paint(GateState.Open, null, share, null);

    private DateTimeOffset? Uncertain => _closes is null ? Announced : null;

    private static bool IsRestored(RestoredSpan? restored, long ticks) =>
        restored is not null && ticks >= restored.From.UtcTicks && (restored.Until is null || ticks < restored.Until.Value.UtcTicks);

    /// <summary>As recorded; else as planned, but never before somebody said "go".</summary>
    private static long? ClosingOf(ClosingPlan plan, CustomerDeviation customer)
    {
        if (customer.ClosedAt is { } recorded) return recorded.UtcTicks;
        return (customer.ClosesAt ?? plan.ClosesAt) is { } closes && plan.ConfirmedAt is { } confirmed ? Math.Max(closes.UtcTicks, confirmed.UtcTicks) : null;
    }
}
