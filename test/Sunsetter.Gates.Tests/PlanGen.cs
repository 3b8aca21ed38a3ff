using CsCheck;
using Sunsetter.Gates.Planning;

namespace Sunsetter.Gates.Tests;

/// <summary>Plans on a coarse grid, so that edges meet often, and what they mean, written down a second time without layers or segments.</summary>
internal static class PlanGen
{
    private static readonly DateTimeOffset Zero = new(2027, 3, 10, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] ZoneNames = ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];

    public static readonly Gen<DateTimeOffset> Instant = Gen.Int[0, 40].Select(step => Zero.AddHours(step * 6));

    public static readonly Gen<TimeZoneInfo> Zone = Gen.Int[0, ZoneNames.Length - 1].Select(i => ZoneNames[i]).Select(TimeZoneInfo.FindSystemTimeZoneById);

    private static readonly Gen<RestoredSpan?> Restored =
        Gen.Select(Gen.Int[0, 3], Instant, Gen.Int[1, 10]).Select((kind, from, steps) =>
            kind switch { 0 => new RestoredSpan(from, null), 1 => new RestoredSpan(from, from.AddHours(6 * steps)), _ => null });

    private static readonly Gen<PlannedBrownout> Brownout =
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 90], Gen.Bool, Zone).Select((hours, minutes, own, zone) =>
            new PlannedBrownout(Zero.DateTime.AddHours(hours).AddMinutes(30), TimeSpan.FromMinutes(minutes), own ? null : zone));

    private static readonly Gen<GradualStep> Step =
        Gen.Select(Gen.Int[1, 12], Gen.Bool.Select(big => big ? 5_000 : 1_000)).Select((steps, share) => new GradualStep(TimeSpan.FromHours(steps * 6), share));

    public static readonly Gen<ClosingPlan> Plan =
        Gen.Select(Gen.Select(Maybe(Instant), Maybe(Instant), Maybe(Instant)), Step.Array[0, 3], Brownout.Array[0, 4], Restored)
            .Select((dates, steps, brownouts, restored) => new ClosingPlan
            {
                WarnFrom = dates.Item1, ClosesAt = dates.Item2, ConfirmedAt = dates.Item3, Gradual = steps, Brownouts = brownouts, Restored = restored,
            });

    public static readonly Gen<CustomerDeviation> Deviation =
        Gen.Select(Maybe(Instant), Maybe(Instant), Restored, Gen.Select(Gen.Bool, Gen.Bool), Zone).Select((closes, closed, restored, flags, zone) => new CustomerDeviation
        {
            ClosesAt = closes, Extended = flags.Item1 && closes is not null, ClosedAt = closed, Restored = restored, SparedFromBrownouts = flags.Item2, Zone = zone,
        });

    public static IEnumerable<DateTimeOffset> Edges(ClosingPlan plan, CustomerDeviation customer)
    {
        DateTimeOffset?[] dates =
        [
            plan.WarnFrom, plan.ClosesAt, plan.ConfirmedAt, customer.ClosesAt, customer.ClosedAt,
            plan.Restored?.From, plan.Restored?.Until, customer.Restored?.From, customer.Restored?.Until,
        ];
        foreach (var date in dates)
            if (date is { } at)
                yield return at;
        foreach (var brownout in plan.Brownouts)
        {
            var from = Begin(brownout, customer);
            yield return from;
            yield return from + brownout.Length;
        }

        foreach (var step in plan.Gradual)
            if ((customer.ClosesAt ?? plan.ClosesAt) is { } closes)
                yield return closes - step.Before;
    }

    /// <summary>The meaning of a plan, sentence by sentence.</summary>
    public static GateState Expected(ClosingPlan plan, CustomerDeviation customer, DateTimeOffset at, int bucket)
    {
        var announced = customer.ClosesAt ?? plan.ClosesAt;
        var confirmed = plan.ConfirmedAt is { } go && go <= at;
        var closed = customer.ClosedAt is { } recorded ? recorded <= at : confirmed && announced <= at;
        var early = !closed && confirmed && customer.ClosedAt is null && plan.Gradual.Any(step => announced - step.Before <= at && bucket < step.Share);
        var rehearsal = !closed && !customer.SparedFromBrownouts
            && plan.Brownouts.Any(b => Begin(b, customer) is var from && from >= plan.WarnFrom && from <= at && at < from + b.Length);
        var restored = In(plan.Restored, at) || In(customer.Restored, at);
        if (restored && (closed || rehearsal)) return GateState.Open;
        if (closed) return GateState.Closed;
        if (early && !restored) return GateState.Closed;
        if (rehearsal) return GateState.Brownout;
        return plan.WarnFrom <= at ? GateState.Warned : GateState.Open;
    }

    private static bool In(RestoredSpan? span, DateTimeOffset at) => span is not null && span.From <= at && !(span.Until <= at);

    /// <summary>By the arithmetic of offsets: the first instant at which the customer's clock shows the time or a later one.</summary>
    private static DateTimeOffset Begin(PlannedBrownout brownout, CustomerDeviation customer)
    {
        var zone = brownout.Zone ?? customer.Zone;
        var utc = DateTime.SpecifyKind(brownout.Start, DateTimeKind.Utc);
        var candidates = zone.GetAdjustmentRules().Length == 0
            ? [zone.BaseUtcOffset]
            : new[] { zone.GetUtcOffset(new DateTimeOffset(utc).AddHours(-30)), zone.GetUtcOffset(new DateTimeOffset(utc).AddHours(30)) };
        var showing = candidates.Select(offset => new DateTimeOffset(utc) - offset).Where(at => TimeZoneInfo.ConvertTime(at, zone).DateTime == brownout.Start).Order().ToList();
        return showing.Count > 0 ? showing[0] : new DateTimeOffset(utc) - candidates[0];
    }

    private static Gen<DateTimeOffset?> Maybe(Gen<DateTimeOffset> gen) => Gen.Select(Gen.Int[0, 3], gen).Select((kind, at) => kind == 0 ? (DateTimeOffset?)null : at);
}
