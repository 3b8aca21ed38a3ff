using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Catalogue;

/// <summary>Whether a module seems worth keeping: an opening question from its figures, never a decision.</summary>
/// <param name="Asks">True: somebody should ask whether it should go.</param>
internal sealed record ModuleVerdict(bool Asks, Text Why)
{
    private const int HalfYear = 26, Compared = 4;

    /// <summary>A module whose use falls by a fifth within half a year, or whose active user costs four times the median, is worth a question.</summary>
    /// <param name="change">Change of weekly active users over the half year, as a share; null where unknown.</param>
    /// <param name="costPerUser">Monthly cost per user active in the last four weeks; null where unknown.</param>
    /// <param name="medianCost">Of all modules.</param>
    /// <param name="known">Some source ever reported.</param>
    /// <param name="covered">See <see cref="Compares"/>: missing reports must not look like a decline.</param>
    public static ModuleVerdict Of(double? change, decimal? costPerUser, decimal? medianCost, bool known, bool covered = true)
    {
        if (!known)
            return new(false, new("No source reports its use: connect one, or import a file, before judging.", "尚无数据源上报其使用情况：请先接入或导入数据，再作判断。"));
        if (!covered)
            return new(false, new("Reports are missing in the weeks that are compared: whether fewer use it is not known.", "所比较的几周缺少上报：使用是否减少未知。"));
        var falls = change <= -0.2;
        var dear = costPerUser > 4 * medianCost;
        return (falls, dear) switch
        {
            (true, true) => new(true, new("Fewer use it each month, and each of them costs far more than elsewhere.", "使用者逐月减少，人均成本远高于其他模块。")),
            (true, false) => new(true, new("Fewer use it each month.", "使用者逐月减少。")),
            (false, true) => new(true, new("Each active user costs far more than elsewhere.", "活跃用户人均成本远高于其他模块。")),
            _ => new(false, new("In use, at a usual cost.", "使用正常，成本正常。")),
        };
    }

    /// <summary>Every day of the weeks that <see cref="Change"/> compares is known.</summary>
    public static bool Compares(Coverage coverage) => coverage.Covers(coverage.Until, 7 * Compared) && coverage.Covers(coverage.Until.AddDays(-7 * (HalfYear - Compared)), 7 * Compared);

    /// <summary>How the last four weeks compare with the four of half a year ago.</summary>
    /// <param name="coverage">Of these weeks at least, up to the same day.</param>
    /// <returns>Null where one of the weeks is not known, or nobody was there.</returns>
    public static double? Change(IReadOnlyList<long> weeks, Coverage coverage)
    {
        if (weeks.Count < HalfYear || !Compares(coverage))
            return null;
        var (before, now) = (weeks.Skip(weeks.Count - HalfYear).Take(Compared).Sum(), weeks.TakeLast(Compared).Sum());
        return before == 0 ? null : (double)(now - before) / before;
    }
}
