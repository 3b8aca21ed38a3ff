namespace Sunsetter.Server.Usage;

/// <summary>
/// Finds the customers for whom a module is vital although its total use is small. Pure and explainable: each rule gives its points with
/// a sentence, the score is their sum. Needs 400 days to see what happens once a year.
/// </summary>
internal static class HiddenDependents
{
    /// <summary>Days of history that the rules look at where they are there.</summary>
    public const int History = 800;

    /// <returns>The customer with every reason, or null where there is none.</returns>
    public static HiddenDependent? Judge(DependenceInput input) => OfUse(input).With(input.Customer, input.AnnualValue, input.AllValue);

    /// <summary>What the use itself shows.</summary>
    public static UseDependence OfUse(DependenceInput input)
    {
        var active = input.Active();
        if (active.Count == 0)
            return UseDependence.None;
        var flags = new List<DependenceFlag>();
        AddIf(flags, WeeklyUse.Find(input));
        AddIf(flags, CalendarUse.Find(input, active));
        AddIf(flags, SeasonalUse.Find(input, active));
        var recent = RecentUse.Of(input);
        AddIf(flags, recent.LargeShare());
        AddIf(flags, recent.DecisiveUsers());
        AddIf(flags, recent.Integration(input));
        return new(flags.Count == 0 ? [] : [.. flags], active.Count(day => day > input.Today - ContractAtRisk.Recent), Counts.Of([.. input.Weeks(HiddenDependent.WeeksShown).Select(week => week is { } users ? users + 1L : 0)]));
    }

    private static void AddIf(List<DependenceFlag> flags, DependenceFlag? flag)
    {
        // Two rules may see the same season; the stronger one is kept.
        if (flag is not null && !flags.Exists(known => known.Kind == flag.Kind))
            flags.Add(flag);
    }
}
