using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Days that a standing looks back on.</summary>
    public const int LookBack = 180;

    /// <summary>
    /// Where every customer stands who used either module in the last half year, or uses the old one at one time of the year. Where there are thousands of
    /// them, use that arrived meanwhile shows within a minute.
    /// </summary>
    public async Task<IReadOnlyList<CustomerStanding>> Standings(ModuleKey old, ModuleKey replacement, DateOnly until, CancellationToken cancel)
    {
        const int history = Usage.HiddenDependents.History;
        var (far, near) = (until.AddDays(1 - history), until.AddDays(1 - LookBack));
        var oldKnown = Known(await Coverage(old, far, until, cancel));
        var newKnown = Known(await Coverage(replacement, near, until, cancel));
        // What is known is part of the question: a source may end, or fill a gap, without a word of use.
        return await Kept((nameof(Standings), old, replacement, until, Told(oldKnown), Told(newKnown)), mayBeLate: true, _ => Standings(old, replacement, until, oldKnown, newKnown, cancel), cancel);
    }

    private static string Told(bool[] known) => string.Concat(known.Select(day => day ? '1' : '0'));

    private async Task<IReadOnlyList<CustomerStanding>> Standings(ModuleKey old, ModuleKey replacement, DateOnly until, bool[] oldKnown, bool[] newKnown, CancellationToken cancel)
    {
        // Both of the whole stretch, so that they are read in one sweep; of the replacement the half year is looked at.
        var (before, _) = await Days(old, replacement, until.DayNumber - oldKnown.Length + 1, until.DayNumber, cancel);
        var after = await Days(replacement, until.DayNumber - newKnown.Length + 1, until.DayNumber, cancel);
        var names = await keys.Customers(before.Customers.Keys.Union(after.Customers.Keys), cancel);
        var standings = new List<CustomerStanding>();
        foreach (var (id, customer) in names)
            if (Judge(customer, until, before.Customers.GetValueOrDefault(id), after.Customers.GetValueOrDefault(id), oldKnown, newKnown) is { } standing)
                standings.Add(standing);
        return (IReadOnlyList<CustomerStanding>)[.. standings.OrderBy(standing => standing.Customer.Value, StringComparer.Ordinal)];
    }

    /// <param name="old">Days of <see cref="Usage.HiddenDependents.History"/>, as <paramref name="oldKnown"/>; null: no use.</param>
    /// <param name="fresh">Days of <see cref="LookBack"/>, as <paramref name="newKnown"/>; null: no use.</param>
    /// <returns>Null for a customer who used neither in the last half year and is not expected again.</returns>
    public static CustomerStanding? Judge(CustomerKey customer, DateOnly until, CustomerDays? old, CustomerDays? fresh, bool[] oldKnown, bool[] newKnown)
    {
        const int history = Usage.HiddenDependents.History;
        var far = until.AddDays(1 - history);
        var (use, now) = (old ?? new CustomerDays(history), fresh ?? new CustomerDays(LookBack));
        var expected = old is null ? null : ExpectedAgain(customer, far, use, oldKnown);
        if (expected is null && fresh is null && !use.AnyIn(history - LookBack, history - 1))
            return null;
        // Who moved long ago has moved still, or has come back from there: all that is on record of the old module is looked at, of the replacement the half year.
        return StandingRule.Judge(new StandingInput(customer, far, use.Users, [.. new Sets.UserSet?[history - LookBack], .. now.Users], oldKnown, [.. new bool[history - LookBack], .. newKnown], expected));
    }

    private static DateOnly? ExpectedAgain(CustomerKey customer, DateOnly from, CustomerDays use, bool[] known) =>
        PeriodicUse.ExpectedAgain(new DependenceInput(customer, from, People(use), use.Calls, [], [], known, use.Minutes, 0, 0));

    public static bool[] Known(Coverage coverage)
    {
        var known = new bool[coverage.Days];
        Array.Fill(known, true);
        foreach (var gap in coverage.Gaps)
            Array.Fill(known, false, gap.From.DayNumber - coverage.From.DayNumber, gap.Until.DayNumber - gap.From.DayNumber + 1);
        return known;
    }
}
