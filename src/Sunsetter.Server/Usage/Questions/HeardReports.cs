using System.Collections.Concurrent;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Who reported and when: what coverage is told from. Answers are kept, for many ask about the same stretch.</summary>
/// <param name="sources">Of each module.</param>
/// <param name="heard">The days on which each source was heard at all, on whatever module.</param>
internal sealed class HeardReports(IReadOnlyDictionary<ModuleKey, List<SourceCoverage>> sources, IReadOnlyDictionary<string, HashSet<int>> heard, UsageSettings policy)
{
    private readonly ConcurrentDictionary<(ModuleKey, DateOnly, DateOnly), Coverage> told = [];

    public Coverage Coverage(ModuleKey module, DateOnly from, DateOnly until) => told.GetOrAdd((module, from, until), _ =>
    {
        var own = sources.TryGetValue(module, out var reporting) ? reporting : [];
        var covered = CoverageRule.Covered(
            [.. own.Select(source => (source.First.DayNumber, heard.TryGetValue(source.Source, out var days) ? days : (IReadOnlyCollection<int>)[], source.Ended?.Day.DayNumber))],
            from.DayNumber, until.DayNumber, policy.IdleDays);
        var known = covered.Count(day => day);
        return new Coverage(from, until, own, known, CoverageRule.Gaps(covered, from.DayNumber), own.Count > 0 && known >= policy.EnoughCoverage * covered.Length) { Heard = LastHeard(own, until) };
    });

    // What came after the stretch is no part of what was known on its last day.
    private DateOnly? LastHeard(List<SourceCoverage> own, DateOnly until)
    {
        var days = own.SelectMany(source => heard.TryGetValue(source.Source, out var all) ? all : []).Where(day => day <= until.DayNumber);
        return days.Any() ? DateOnly.FromDayNumber(days.Max()) : null;
    }
}
