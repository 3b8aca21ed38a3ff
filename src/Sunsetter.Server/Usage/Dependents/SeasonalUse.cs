using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// A silence that came at the same time last year and ended: a school in summer, a shop after Christmas. Who is silent now is then not gone.
/// </summary>
internal static class SeasonalUse
{
    private const int Year = 365;
    private const int Silence = 21;

    // The two silences must begin within so many days of the same date.
    private const int SameTime = 21;
    private const int LatestReturn = 340;
    private const int FewestDays = 15;

    public static DependenceFlag? Find(DependenceInput input, List<int> active)
    {
        var last = active[^1];
        var lastYear = input.Today - Year;
        if (active.Count < FewestDays || input.Today - last < Silence || lastYear - Silence / 3 < 0)
            return null;
        var before = active.FindLast(day => day < lastYear);
        var at = active.FindIndex(day => day >= lastYear);
        if (at <= 0 || active[at] > lastYear + LatestReturn)
            return null;
        var back = active[at];
        // The silence of last year must be one as well, start when this one started, and be known.
        if (back - before < Silence || Math.Abs(before + Year - last) > SameTime || Unknown(input, before + 1, back - 1) > 7 || Unknown(input, last + 1, input.Today) > 7)
            return null;
        var next = input.Day(back + Year);
        return new(DependenceKind.Yearly, 40, new(
            FormattableString.Invariant($"Silent since {Days.En(input.Day(last))}, as at the same time last year, when use came back on {Days.En(input.Day(back))}; expected again about {Days.En(next)}."),
            FormattableString.Invariant($"自 {Days.Zh(input.Day(last))}起未使用，与去年同期相同，去年于 {Days.Zh(input.Day(back))}恢复；预计约 {Days.Zh(next)}再次使用。")), next);
    }

    private static int Unknown(DependenceInput input, int from, int to)
    {
        var unknown = 0;
        for (var day = from; day <= to; day++)
            unknown += input.Known[day] ? 0 : 1;
        return unknown;
    }
}
