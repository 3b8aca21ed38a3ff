using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Which sources report on the module, since when, and which days of the stretch are known.</summary>
    public async Task<Coverage> Coverage(ModuleKey module, DateOnly from, DateOnly until, CancellationToken cancel) =>
        (await Coverages([module], from, until, cancel))[module];

    /// <summary>The same of several modules.</summary>
    public async Task<IReadOnlyDictionary<ModuleKey, Coverage>> Coverages(IEnumerable<ModuleKey> modules, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var wanted = modules.ToList();
        var reports = await Reports(wanted, cancel);
        return wanted.ToDictionary(module => module, module => reports.Coverage(module, from, until));
    }

    /// <summary>Who reported on which of the modules, and when.</summary>
    public async Task<HeardReports> Reports(IReadOnlyCollection<ModuleKey> modules, CancellationToken cancel)
    {
        var policy = await settings.Get<UsageSettings>(cancel);
        var ends = await ended.All(cancel);
        var ids = new Dictionary<ModuleKey, int>();
        foreach (var module in modules)
            ids[module] = await keys.Find(module, cancel) ?? -1;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var (sources, heard) = (await Sources(db.Database.GetDbConnection(), ids.Values, ends, cancel), await Heard(db.Database.GetDbConnection(), cancel));
        return new HeardReports(ids.ToDictionary(module => module.Key, module => sources.GetValueOrDefault(module.Value, [])), heard, policy);
    }

    private static async Task<Dictionary<int, List<SourceCoverage>>> Sources(
        DbConnection connection, IEnumerable<int> modules, IReadOnlyDictionary<string, SourceEnd> ends, CancellationToken cancel)
    {
        var sources = new Dictionary<int, List<SourceCoverage>>();
        await new RowsStatement(connection, null, """
            with wanted (module_id) as (values {rows})
            select report.source, report.module_id, min(report.day), max(report.day), max(report.last_at), cast(sum(report.events) as bigint)
            from wanted join usage_report report on report.module_id = wanted.module_id group by report.source, report.module_id order by report.source
            """).Read([.. modules.Select(module => (object[])[module])], reader =>
        {
            if (!sources.TryGetValue(reader.GetInt32(1), out var of))
                sources.Add(reader.GetInt32(1), of = []);
            var source = reader.GetString(0);
            of.Add(new(source, DateOnly.FromDayNumber(reader.GetInt32(2)), DateOnly.FromDayNumber(reader.GetInt32(3)),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)), reader.GetInt64(5), ends.GetValueOrDefault(source)));
        }, cancel);
        return sources;
    }

    /// <summary>The days on which each source was heard at all, on whatever module.</summary>
    private static async Task<Dictionary<string, HashSet<int>>> Heard(DbConnection connection, CancellationToken cancel)
    {
        var heard = new Dictionary<string, HashSet<int>>();
        await new RowsStatement(connection, null, """
            with wanted (module_id) as (values {rows}) select report.source, report.day from wanted join usage_report report on report.module_id = wanted.module_id
            """).Read([[GroupRows.AnyModule]], reader =>
        {
            if (!heard.TryGetValue(reader.GetString(0), out var days))
                heard.Add(reader.GetString(0), days = []);
            days.Add(reader.GetInt32(1));
        }, cancel);
        return heard;
    }
}
