using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Which sources report on the module, since when, and which days of the stretch are known.</summary>
    public async Task<Coverage> Coverage(ModuleKey module, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var policy = await settings.Get<UsageSettings>(cancel);
        var sources = await Sources(module, cancel);
        var covered = CoverageRule.Covered([.. sources.Select(source => (source.Coverage.First.DayNumber, source.Heard))], from.DayNumber, until.DayNumber, policy.IdleDays);
        var days = covered.Count(known => known);
        return new Coverage(from, until, [.. sources.Select(source => source.Coverage)], days, CoverageRule.Gaps(covered, from.DayNumber),
            days >= policy.EnoughCoverage * covered.Length);
    }

    private async Task<List<(SourceCoverage Coverage, IReadOnlyCollection<int> Heard)>> Sources(ModuleKey module, CancellationToken cancel)
    {
        if (await keys.Find(module, cancel) is not { } id)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var reports = new Dictionary<string, (SourceCoverage? Module, HashSet<int> Heard)>();
        await new RowsStatement(db.Database.GetDbConnection(), null, """
            with wanted (module_id) as (values {rows})
            select report.source, report.module_id, report.day, report.events, report.last_at
            from wanted join usage_report report on report.module_id = wanted.module_id
            """).Read([[id], [GroupRows.AnyModule]], reader => Take(reports, reader, id), cancel);
        return [.. reports.Values.Where(report => report.Module is not null).Select(report => (report.Module!, (IReadOnlyCollection<int>)report.Heard)).OrderBy(report => report.Item1.Source)];
    }

    private static void Take(Dictionary<string, (SourceCoverage? Module, HashSet<int> Heard)> reports, DbDataReader reader, int module)
    {
        var source = reader.GetString(0);
        if (!reports.TryGetValue(source, out var report))
            report = (null, []);
        var day = DateOnly.FromDayNumber(reader.GetInt32(2));
        report.Heard.Add(day.DayNumber);
        if (reader.GetInt32(1) == module)
        {
            var heard = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4));
            report.Module = report.Module is not { } before
                ? new(source, day, day, heard, reader.GetInt64(3))
                : before with
                {
                    First = day < before.First ? day : before.First,
                    Last = day > before.Last ? day : before.Last,
                    LastHeard = heard > before.LastHeard ? heard : before.LastHeard,
                    Events = before.Events + reader.GetInt64(3),
                };
        }
        reports[source] = report;
    }
}
