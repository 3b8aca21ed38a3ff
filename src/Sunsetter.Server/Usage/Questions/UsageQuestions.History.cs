using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Users, customers and calls of whole weeks or months, however long ago: days that are still there and days that are added up count alike.</summary>
    /// <param name="from">The stretch that holds this day is the first.</param>
    /// <returns>Stretches with use, oldest first; or why they are not there any more.</returns>
    public async Task<Outcome<List<PeriodActivity>>> History(ModuleKey module, UsagePeriod period, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var (first, last) = (period.StartOf(from.DayNumber), until.DayNumber);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        if (period == UsagePeriod.Week && await RolledUp(db.Database.GetDbConnection(), "week", cancel) is { } gone && first <= gone)
            return new Refusal("usage.weeks-rolled-up", $"Weeks up to {Platform.Days.En(DateOnly.FromDayNumber(gone))} are kept as months only. Ask by month, or from a later day on.", $"{Platform.Days.Zh(DateOnly.FromDayNumber(gone))}及之前的周数据仅按月保留。请按月查询，或选择更晚的起始日期。");
        if (await keys.Find(module, cancel) is not { } id)
            return new List<PeriodActivity>();
        var history = await Kept((nameof(History), id, period, first, last), mayBeLate: true, connection => History(connection, id, period, first, last, cancel), cancel);
        // Who reported is asked anew: a source may have ended, or a gap been filled by one that counted nothing.
        var coverage = await Coverage(module, DateOnly.FromDayNumber(first), until, cancel);
        return history.ConvertAll(one => one with { Covered = coverage.Covers(Min(period.EndOf(one.Start), until), Min(period.EndOf(one.Start), until).DayNumber - one.Start.DayNumber + 1) });
    }

    private static DateOnly Min(DateOnly one, DateOnly other) => one < other ? one : other;

    private async Task<List<PeriodActivity>> History(DbConnection connection, int id, UsagePeriod period, int first, int last, CancellationToken cancel)
    {
        var stretches = new SortedDictionary<int, Dictionary<int, (UserSet Users, long Calls)>>();
        void Add(int start, int customer, UserSet users, long calls)
        {
            if (!stretches.TryGetValue(start, out var customers))
                stretches.Add(start, customers = []);
            customers[customer] = customers.TryGetValue(customer, out var before) ? (before.Users.Union(users), before.Calls + calls) : (users, calls);
        }
        // The last year is what other questions look at too: it is read once for all of them.
        var near = Math.Max(first, last - Usage.HiddenDependents.History + 1);
        var recent = await windows.Of(id, near, last, cancel);
        // A day is moved to its stretch in one transaction; both are read in one, so it is seen once.
        await using var moment = await ReadMoment.Begin(connection, cancel);
        var lasting = await RolledUp(connection, "day", cancel) is not { } moved || moved < near;
        await DayRows.ReadPeriods(connection, id, period, first, last, (start, customer, use) => Add(start, customer, use.Users, use.Calls), cancel);
        await DayRows.Read(connection, id, first, lasting ? near - 1 : last, (day, customer, use) => Add(period.StartOf(day), customer, use.Users, use.Calls), cancel);
        await moment.CommitAsync(cancel);
        for (var (day, end) = (near, 0); lasting && day <= last; day = end + 1)
        {
            var start = period.StartOf(day);
            end = Math.Min(last, period.EndOf(DateOnly.FromDayNumber(start)).DayNumber);
            foreach (var (customer, own) in recent.Customers)
                if (own.AnyIn(day - near, end - near))
                    Add(start, customer, own.Union(day - near, end - near), own.CallsIn(day - near, end - near));
        }
        return [.. stretches.Select(stretch => new PeriodActivity(
            DateOnly.FromDayNumber(stretch.Key), stretch.Value.Values.Sum(customer => customer.Users.Count), stretch.Value.Count, stretch.Value.Values.Sum(customer => customer.Calls)))];
    }

    /// <summary>Why a question that looks at single days cannot be answered: some of them are added up to weeks and months.</summary>
    public async Task<Refusal?> DaysGone(DateOnly from, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        return await RolledUp(db.Database.GetDbConnection(), "day", cancel) is { } until && from.DayNumber <= until
            ? new Refusal("usage.days-rolled-up", $"Days up to {Platform.Days.En(DateOnly.FromDayNumber(until))} are kept as weeks and months only. Ask for a later stretch, or for the history by week or month.", $"{Platform.Days.Zh(DateOnly.FromDayNumber(until))}及之前的日数据仅按周和月保留。请选择更晚的时间段，或按周、按月查询历史。")
            : null;
    }

    private static async Task<int?> RolledUp(DbConnection connection, string kind, CancellationToken cancel)
    {
        int? until = null;
        await new RowsStatement(connection, null, "with wanted (kind) as (values {rows}) select moved.until from wanted join usage_rolled_up moved on moved.kind = wanted.kind")
            .Read([[kind]], reader => until = reader.GetInt32(0), cancel);
        return until;
    }
}

/// <summary>Use of a module in one week or month.</summary>
/// <param name="Start">Its first day.</param>
/// <param name="Users">Different users of each customer, added up.</param>
/// <param name="Covered">False where a day of it is not known: the figures are lower bounds.</param>
internal sealed record PeriodActivity(DateOnly Start, long Users, int Customers, long Calls, bool Covered = true);
