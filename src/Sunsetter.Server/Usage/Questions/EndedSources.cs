using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Sources that an administrator declared ended for good: a gateway that was replaced, an export that nobody makes any more. Their silence after that day is no gap. Every word is
/// kept; the newest counts, and one who reports again after the day has not ended, whatever was said.
/// </summary>
internal sealed class EndedSources(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    /// <summary>What was said last on each source, those taken back left out.</summary>
    public async Task<IReadOnlyDictionary<string, SourceEnd>> All(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Database.SqlQuery<Row>($"select source, ended_on as day, reason, by, at from usage_source_end order by at").ToListAsync(cancel);
        return rows.GroupBy(row => row.Source, row => row).Select(said => said.Last()).Where(row => row.Day is not null)
            .ToDictionary(row => row.Source, row => new SourceEnd(row.Source, DateOnly.FromDayNumber(row.Day!.Value), row.Reason, row.By, DateTimeOffset.FromUnixTimeMilliseconds(row.At)));
    }

    /// <param name="day">The last day on which it had to report, UTC; null: it has not ended, or goes on.</param>
    /// <param name="reason">Why; 3 to 1,000 characters.</param>
    public async Task<Outcome<bool>> Say(string source, DateOnly? day, string? reason, string by, CancellationToken cancel)
    {
        if (reason?.Trim() is not { Length: >= 3 and <= 1_000 } why)
            return new Refusal("usage-source.reason", "Say why, in 3 to 1,000 characters: everybody who believes the figures relies on it.", "请用 3 至 1,000 个字符说明原因：所有相信这些数据的人都以此为据。") { Field = "reason" };
        await using var db = await databases.CreateDbContextAsync(cancel);
        // A report of the day itself, however late in it, is no report after the end.
        var heard = (await db.Database.SqlQuery<int?>($"select max(day) as value from usage_report where source = {source}").ToListAsync(cancel))[0];
        if (heard is not { } last)
            return new Refusal("usage-source.unknown", $"No source “{source}” has ever reported. Take its name from the list of sources.", $"从未有名为“{source}”的数据源上报。请从数据源列表中选取名称。", StatusCodes.Status404NotFound) { Field = "source" };
        if (day is { } end && end > DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime))
            return new Refusal("usage-source.future", "A source can only be said to have ended on a day that has come.", "只能将数据源的结束日设为今天或之前。") { Field = "day" };
        if (day is { } before && before.DayNumber < last)
        {
            var lastDay = DateOnly.FromDayNumber(last);
            return new Refusal("usage-source.reported-later", $"It reported on {Days.En(lastDay)}: it cannot have ended before that day.", $"该数据源在 {Days.Zh(lastDay)}仍有上报，结束日不能早于此日。") { Field = "day" };
        }
        var (at, endedOn) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), day?.DayNumber);
        await db.Database.ExecuteSqlAsync($"""
            insert into usage_source_end (source, at, ended_on, reason, by) values ({source}, {at}, {endedOn}, {why}, {by})
            on conflict (source, at) do update set ended_on = excluded.ended_on, reason = excluded.reason, by = excluded.by
            """, cancel);
        return true;
    }

    private sealed record Row(string Source, int? Day, string Reason, string By, long At);
}

/// <param name="Day">The last day on which it had to report.</param>
internal sealed record SourceEnd(string Source, DateOnly Day, string Reason, string By, DateTimeOffset At);
