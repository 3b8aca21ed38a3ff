using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Stretches of days as questions need them, kept in memory while they are true. Each write raises the revision of the customers it
/// touches; before an answer the revisions are compared and only the customers that changed are read again, so an answer is
/// never older than the question, whichever node wrote.
/// </summary>
internal sealed class UsageWindows(IDbContextFactory<SunsetterDb> databases, UsageRevisions known, long mostCells = UsageWindows.MostCells) : IDisposable
{
    // Beyond this many customers changed, reading the whole stretch in one sweep is cheaper than day by day.
    private const int MostSingly = 32;
    // A cell is a day of a customer, 24 bytes and its set: 200 MB and more. What one question compares stays, however large.
    private const long MostCells = 8_000_000;
    private const int FewestWindows = 2;
    // A window that has grown beyond this is cut back to what is asked for.
    private const int MostDays = 1_000;

    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<int, Window> windows = [];
    private long tick;

    /// <summary>The days of a module (0: of any module), from storage or from memory.</summary>
    public async Task<ModuleDays> Of(int module, int from, int until, CancellationToken cancel) => (await Of([module], from, until, cancel))[0];

    /// <summary>The days of several modules, as of one moment.</summary>
    public async Task<ModuleDays[]> Of(int[] modules, int from, int until, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            var connection = db.Database.GetDbConnection();
            await using var moment = await ReadMoment.Begin(connection, cancel);
            var revisions = await known.Of(connection, cancel);
            var stamp = revisions.Values.Sum();
            // Those of whom nothing is kept are read in one sweep: a row of a day holds all modules.
            int[] unread = [.. modules.Distinct().Where(module => !windows.TryGetValue(module, out var window) || until < window.Days.From || window.Days.Until < from)];
            foreach (var (module, read) in await Read(connection, unread, from, until, cancel))
                windows[module] = new(read, revisions);
            var days = new ModuleDays[modules.Length];
            for (var at = 0; at < days.Length; at++)
                days[at] = Cut(await UpToDate(connection, modules[at], from, until, revisions, cancel), from, until) with { Stamp = stamp };
            await moment.CommitAsync(cancel);
            while (windows.Count > FewestWindows && Cells > mostCells)
                windows.Remove(windows.MinBy(one => one.Value.LastAsked).Key);
            return days;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<ModuleDays> UpToDate(DbConnection connection, int module, int from, int until, IReadOnlyDictionary<int, long> revisions, CancellationToken cancel)
    {
        var window = windows[module];
        var changed = ReferenceEquals(window.Revisions, revisions) ? [] : revisions.Where(now => window.Revisions.GetValueOrDefault(now.Key) != now.Value).Select(now => now.Key).ToList();
        if (changed.Count > MostSingly)
            window = new(await Read(connection, module, Math.Min(from, window.Days.From), Math.Max(until, window.Days.Until), cancel), revisions);
        else if (changed.Count > 0)
            window = new(await Reread(connection, module, window.Days, changed, cancel), revisions);
        // What is missing at either end is read alone: a new day does not read the year again.
        if (from < window.Days.From)
            window = new(Join(await Read(connection, module, from, window.Days.From - 1, cancel), window.Days), revisions);
        if (until > window.Days.Until)
            window = new(Join(window.Days, await Read(connection, module, window.Days.Until + 1, until, cancel)), revisions);
        if (window.Days.Length > MostDays)
            window = new(Cut(window.Days, from, until), revisions);
        window.LastAsked = ++tick;
        windows[module] = window;
        return window.Days;
    }

    /// <summary>Days of customers that are kept.</summary>
    public long Cells => windows.Values.Sum(window => (long)window.Days.Length * window.Days.Customers.Count);

    public void Dispose() => turn.Dispose();

    private static async Task<ModuleDays> Read(DbConnection connection, int module, int from, int until, CancellationToken cancel) =>
        (await Read(connection, [module], from, until, cancel))[module];

    private static async Task<Dictionary<int, ModuleDays>> Read(DbConnection connection, int[] modules, int from, int until, CancellationToken cancel)
    {
        var found = modules.ToDictionary(module => module, _ => new Dictionary<int, CustomerDays>());
        if (modules.Length > 0)
            await DayRows.Read(connection, [.. found.Select(own => (own.Key, (Action<int, int, StoredUse>)((day, customer, row) => Fill(own.Value, row, day - from, customer, until - from + 1))))], from, until, cancel);
        return found.ToDictionary(own => own.Key, own => new ModuleDays(from, until, own.Value));
    }

    private static async Task<ModuleDays> Reread(DbConnection connection, int module, ModuleDays days, List<int> changed, CancellationToken cancel)
    {
        var customers = days.Customers.Where(customer => !changed.Contains(customer.Key)).ToDictionary();
        await DayRows.ReadOf(connection, module, changed, days.From, days.Until, (day, customer, row) => Fill(customers, row, day - days.From, customer, days.Length), cancel);
        return days with { Customers = customers };
    }

    private static void Fill(Dictionary<int, CustomerDays> customers, StoredUse use, int at, int customer, int length)
    {
        if (!customers.TryGetValue(customer, out var days))
            customers.Add(customer, days = new CustomerDays(length));
        days.Calls[at] += use.Calls;
        days.Minutes[at] |= (long)use.Minutes;
        days.Users[at] = days.Users[at] is { } other ? other.Union(use.Users) : use.Users;
    }

    // Two stretches of which the second begins on the day after the first.
    private static ModuleDays Join(ModuleDays first, ModuleDays second)
    {
        var customers = new Dictionary<int, CustomerDays>(Math.Max(first.Customers.Count, second.Customers.Count));
        foreach (var (part, start) in new[] { (first, 0), (second, first.Length) })
            foreach (var (customer, days) in part.Customers)
            {
                if (!customers.TryGetValue(customer, out var joined))
                    customers.Add(customer, joined = new CustomerDays(first.Length + second.Length));
                Array.Copy(days.Users, 0, joined.Users, start, part.Length);
                Array.Copy(days.Calls, 0, joined.Calls, start, part.Length);
                Array.Copy(days.Minutes, 0, joined.Minutes, start, part.Length);
            }
        return new ModuleDays(first.From, second.Until, customers);
    }

    private static ModuleDays Cut(ModuleDays days, int from, int until)
    {
        if (days.From == from && days.Until == until)
            return days;
        var (start, length) = (from - days.From, until - from + 1);
        var customers = new Dictionary<int, CustomerDays>(days.Customers.Count);
        foreach (var (customer, all) in days.Customers)
        {
            if (!all.AnyIn(start, start + length - 1))
                continue;
            var cut = new CustomerDays(length);
            Array.Copy(all.Users, start, cut.Users, 0, length);
            Array.Copy(all.Calls, start, cut.Calls, 0, length);
            Array.Copy(all.Minutes, start, cut.Minutes, 0, length);
            customers.Add(customer, cut);
        }
        return new ModuleDays(from, until, customers);
    }

    private sealed class Window(ModuleDays days, IReadOnlyDictionary<int, long> revisions)
    {
        public ModuleDays Days => days;
        public IReadOnlyDictionary<int, long> Revisions => revisions;
        public long LastAsked { get; set; }
    }
}
