namespace Sunsetter.Server.Migrate;

/// <summary>
/// When a falling number of users reaches zero: a line through weekly counts that one odd week cannot bend (Theil–Sen: the median of all slopes between
/// two weeks). The band holds eight cases of ten: the 10% steepest and the 10% flattest slopes are left out.
/// </summary>
internal static class Projection
{
    private const int Weeks = 8;
    private const int Fewest = 4;

    /// <summary>A change smaller than this share of the level in a week is no movement.</summary>
    private const double Still = 0.01;

    // Further out than this is not a forecast.
    private const int FarthestDays = 3 * 365;

    internal sealed record Result(Retirements.Outlook Outlook, DateOnly? On, DateOnly? Earliest, DateOnly? Latest);

    /// <param name="weekly">Users per week, oldest first; the last week ends <paramref name="until"/>.</param>
    public static Result Of(IReadOnlyList<long> weekly, DateOnly until)
    {
        var recent = weekly.TakeLast(Weeks).ToList();
        if (recent.Count < Fewest)
            return new(Retirements.Outlook.Unknown, null, null, null);
        if (recent.All(users => users == 0))
            return new(Retirements.Outlook.Done, null, null, null);

        var slopes = Slopes(recent);
        var slope = At(slopes, 0.5);
        var level = Math.Max(1, Median(recent.Select((users, week) => users + slope * (recent.Count - 1 - week))));
        if (slope > Still * level)
            return new(Retirements.Outlook.Rising, null, null, null);
        if (Zero(level, slope, until) is not { } on)
            return new(Retirements.Outlook.NoMovement, null, null, null);
        return new(Retirements.Outlook.Falling, on, Zero(level, At(slopes, 0.1), until) ?? on, Zero(level, At(slopes, 0.9), until));
    }

    private static DateOnly? Zero(double level, double slope, DateOnly until)
    {
        if (slope > -Still * level)
            return null;
        var days = Math.Ceiling(7 * level / -slope);
        return days > FarthestDays ? null : until.AddDays((int)days);
    }

    private static List<double> Slopes(List<long> weeks)
    {
        var slopes = new List<double>();
        for (var early = 0; early < weeks.Count; early++)
            for (var late = early + 1; late < weeks.Count; late++)
                slopes.Add((double)(weeks[late] - weeks[early]) / (late - early));
        slopes.Sort();
        return slopes;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return At(sorted, 0.5);
    }

    private static double At(List<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
