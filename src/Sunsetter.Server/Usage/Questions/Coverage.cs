using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>How much of a stretch of days we know about. A figure of zero means "nobody" only where the days are covered.</summary>
/// <param name="Sources">Who reported on the module at any time.</param>
/// <param name="CoveredDays">Days of the stretch on which every source that reports on the module was heard or merely idle.</param>
/// <param name="Gaps">The other days, as stretches.</param>
/// <param name="Sufficient">The covered share reaches the threshold of the settings. Where it does not, a figure is a lower bound.</param>
internal sealed record Coverage(
    DateOnly From, DateOnly Until, IReadOnlyList<SourceCoverage> Sources, int CoveredDays, IReadOnlyList<DaySpan> Gaps, bool Sufficient)
{
    public int Days => Until.DayNumber - From.DayNumber + 1;

    public double Share => (double)CoveredDays / Days;

    /// <summary>First day on which any source reported, ever.</summary>
    public DateOnly? First => Sources.Count == 0 ? null : Sources.Min(source => source.First);

    /// <summary>Last day on which any source reported, ever.</summary>
    public DateOnly? Last => Sources.Count == 0 ? null : Sources.Max(source => source.Last);

    /// <summary>Last day of the stretch, or before it, on which one of its sources was heard, on whatever module: silence on this one is then an answer.</summary>
    public DateOnly? Heard { get; init; }

    public bool Covers(DateOnly day) => day >= From && day <= Until && !Gaps.Any(gap => day >= gap.From && day <= gap.Until);

    /// <summary>Every one of the days up to <paramref name="until"/> is known.</summary>
    public bool Covers(DateOnly until, int days) => !Gaps.Any(gap => gap.From <= until && gap.Until > until.AddDays(-days));

    /// <summary>What a person should know before believing a figure.</summary>
    public Text Sentence
    {
        get
        {
            if (Sources.Count == 0)
                return new("Unknown: no source has ever reported on this module.", "未知：从未有数据源上报过此模块。");
            var percent = (int)Math.Floor(100 * Share);
            var (en, zh) = Sufficient
                ? (string.Create(CultureInfo.InvariantCulture, $"Known for {percent}% of the days, from {Text.Many(Sources.Count, "source")}; {LastReport.En}."),
                    string.Create(CultureInfo.InvariantCulture, $"{percent}% 的日期有数据，来自 {Sources.Count} 个数据源；{LastReport.Zh}。"))
                : (string.Create(CultureInfo.InvariantCulture, $"Insufficient: known for only {percent}% of the days; {LastReport.En}. Silence may mean a source that stopped, not that nobody is there."),
                    string.Create(CultureInfo.InvariantCulture, $"数据不足：仅 {percent}% 的日期有数据；{LastReport.Zh}。没有数据可能是数据源停止上报，而不是没人使用。"));
            return Gaps.Count == 0 ? new(en, zh) : new(
                string.Create(CultureInfo.InvariantCulture, $"{en} Nothing is known from {Platform.Days.En(Gaps[^1].From)} to {Platform.Days.En(Gaps[^1].Until)}."),
                string.Create(CultureInfo.InvariantCulture, $"{zh}{Platform.Days.Zh(Gaps[^1].From)}至 {Platform.Days.Zh(Gaps[^1].Until)}无数据。"));
        }
    }

    // Its sources may long have had nothing to say of this module; what they said after the stretch was not known on its last day.
    private Text LastReport
    {
        get
        {
            var last = Heard ?? Last!.Value;
            return Last < Heard ? new($"last report {Platform.Days.En(last)}, on this module {Platform.Days.En(Last.Value)}", $"最近上报 {Platform.Days.Zh(last)}，其中本模块 {Platform.Days.Zh(Last.Value)}") : new($"last report {Platform.Days.En(last)}", $"最近上报 {Platform.Days.Zh(last)}");
        }
    }
}

/// <summary>One source of reports on a module.</summary>
/// <param name="LastHeard">When its last report arrived.</param>
/// <param name="Events">Lines on this module, all time.</param>
/// <param name="Ended">Said to have ended for good: its silence after that day is no gap.</param>
internal sealed record SourceCoverage(string Source, DateOnly First, DateOnly Last, DateTimeOffset LastHeard, long Events, SourceEnd? Ended = null);

/// <summary>A stretch of days, both ends included.</summary>
internal sealed record DaySpan(DateOnly From, DateOnly Until);
