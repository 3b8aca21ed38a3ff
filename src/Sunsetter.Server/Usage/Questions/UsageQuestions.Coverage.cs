using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    private volatile KeptReports? reports;

    /// <summary>Which sources report on the module, since when, and which days of the stretch are known.</summary>
    public async Task<Coverage> Coverage(ModuleKey module, DateOnly from, DateOnly until, CancellationToken cancel) =>
        (await Coverages([module], from, until, cancel))[module];

    /// <summary>The same of several modules.</summary>
    public async Task<IReadOnlyDictionary<ModuleKey, Coverage>> Coverages(IEnumerable<ModuleKey> modules, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var wanted = modules.ToList();
        var heard = await Reports(wanted, cancel);
        return wanted.ToDictionary(module => module, module => heard.Coverage(module, from, until));
    }

    /// <summary>Who reported on which of the modules, and when. Read again when somebody has reported since.</summary>
    public async Task<HeardReports> Reports(IReadOnlyCollection<ModuleKey> modules, CancellationToken cancel)
    {
        var policy = await settings.Get<UsageSettings>(cancel);
        var ends = await ended.All(cancel);
        var ids = new Dictionary<ModuleKey, int>();
        foreach (var module in modules)
            ids[module] = await keys.Find(module, cancel) ?? -1;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var connection = db.Database.GetDbConnection();
        // The stamp first: what is reported between the two reads is read again next time, never missed.
        var stamp = await Reported(connection, cancel);
        if (reports is not { } known || known.Stamp != stamp)
            reports = known = new KeptReports(stamp, await Heard(connection, cancel), []);
        var unread = ids.Values.Distinct().Where(id => !known.Sources.ContainsKey(id)).ToList();
        var read = await Sources(connection, unread, cancel);
        foreach (var id in unread)
            known.Sources[id] = read.GetValueOrDefault(id, []);
        return new HeardReports(ids.ToDictionary(module => module.Key, module => known.Sources[module.Value].ConvertAll(source => source with { Ended = ends.GetValueOrDefault(source.Source) })), known.Heard, policy);
    }

    /// <summary>Grows with every report: the lines of a module are counted with those of any module too, a heartbeat is a row of its day, and rows are never removed.</summary>
    private static async Task<(long Days, long Events)> Reported(DbConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*), cast(coalesce(sum(events), 0) as bigint) from usage_report where module_id = 0";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<Dictionary<int, List<SourceCoverage>>> Sources(DbConnection connection, IEnumerable<int> modules, CancellationToken cancel)
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
            of.Add(new(reader.GetString(0), DateOnly.FromDayNumber(reader.GetInt32(2)), DateOnly.FromDayNumber(reader.GetInt32(3)), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)), reader.GetInt64(5), Ended: null));
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

    /// <param name="Stamp">Of the reports that are in it.</param>
    /// <param name="Sources">By the stored number of each module that was asked for.</param>
    private sealed record KeptReports((long, long) Stamp, IReadOnlyDictionary<string, HashSet<int>> Heard, ConcurrentDictionary<int, List<SourceCoverage>> Sources);
}
