using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Days that a standing looks back on.</summary>
    private const int LookBack = 180;

    /// <summary>Where every customer stands who used either module in the last half year. Computed anew from what is stored at the moment of asking.</summary>
    public async Task<IReadOnlyList<CustomerStanding>> Standings(ModuleKey old, ModuleKey replacement, DateOnly until, CancellationToken cancel)
    {
        var from = until.AddDays(1 - LookBack);
        var before = await Days(old, from.DayNumber, until.DayNumber, cancel);
        var after = await Days(replacement, from.DayNumber, until.DayNumber, cancel);
        var oldKnown = Known(await Coverage(old, from, until, cancel));
        var newKnown = Known(await Coverage(replacement, from, until, cancel));
        var names = await keys.Customers(before.Customers.Keys.Union(after.Customers.Keys), cancel);
        var none = new Sets.UserSet?[LookBack];
        return [.. names.Select(customer => StandingRule.Judge(new StandingInput(
            customer.Value, from, before.Customers.GetValueOrDefault(customer.Key)?.Users ?? none, after.Customers.GetValueOrDefault(customer.Key)?.Users ?? none, oldKnown, newKnown)))
            .OrderBy(standing => standing.Customer.Value, StringComparer.Ordinal)];
    }

    private static bool[] Known(Coverage coverage)
    {
        var known = new bool[coverage.Days];
        Array.Fill(known, true);
        foreach (var gap in coverage.Gaps)
            Array.Fill(known, false, gap.From.DayNumber - coverage.From.DayNumber, gap.Until.DayNumber - gap.From.DayNumber + 1);
        return known;
    }
}
