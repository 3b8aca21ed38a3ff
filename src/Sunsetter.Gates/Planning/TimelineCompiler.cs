namespace Sunsetter.Gates.Planning;

/// <summary>
/// Computes a customer's timeline from the plan and the customer's deviation: extensions, waves, restores, brownouts on the customer's clock and
/// gradual shares all become plain segments, so that a client needs to know none of them.
/// </summary>
public static class TimelineCompiler
{
    /// <summary>The timeline of a customer. Pure: the same input gives the same timeline with the same id.</summary>
    /// <param name="plan">What is planned for everybody.</param>
    /// <param name="customer">In what this customer differs; <see cref="CustomerDeviation.None"/> for nobody in particular.</param>
    public static GateTimeline Compile(ClosingPlan plan, CustomerDeviation customer)
    {
        if (plan is null) throw new ArgumentNullException(nameof(plan));
        if (customer is null) throw new ArgumentNullException(nameof(customer));
        var layers = new Layers(plan, customer);
        var segments = new List<GateSegment>();
        Paint previous = default;
        foreach (var at in layers.Edges())
        {
            var paint = layers.At(at);
            Append(segments, previous, paint, at);
            previous = paint;
        }

        return GateTimeline.Of([.. segments]);
    }

    /// <summary>
    /// A growing share stands on the same ground as the one before it, so only the share is written. Anything else needs its ground anew:
    /// who is outside the share falls back to the segment before it.
    /// </summary>
    private static void Append(List<GateSegment> segments, Paint previous, Paint paint, long at)
    {
        if (paint.Equals(previous)) return;
        var from = new DateTimeOffset(at, TimeSpan.Zero);
        var sameGround = paint.State == previous.State && paint.Reason == previous.Reason && paint.Closes == previous.Closes;
        if (!sameGround || paint.ClosedShare < previous.ClosedShare)
            segments.Add(new GateSegment(from, paint.State, paint.Reason ?? GateReasons.NotRetiring, closes: paint.Closes));
        if (paint.ClosedShare > 0)
            segments.Add(new GateSegment(from, GateState.Closed, GateReasons.Retired, paint.ClosedShare));
    }
}
