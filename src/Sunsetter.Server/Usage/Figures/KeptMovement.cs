using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Where customers stand between old modules and their replacements, for all retirements under way together: each customer's days are read once for all of them, and again only
/// when that customer's revision has moved, the day has changed, or it is known of other days than before whether anybody came. For one who asks at a time.
/// </summary>
internal sealed class KeptMovement(IDbContextFactory<SunsetterDb> databases, UsageKeys keys, UsageRevisions stored, UsageQuestions usage) : IDisposable
{
    private const int ReadAtOnce = 100;

    private readonly SemaphoreSlim turn = new(1);
    private Dictionary<(ModuleKey Old, ModuleKey New), Pair> kept = [];

    /// <summary>Of each pair, the customers of whom there is anything to say. Who did not change is the same object as before.</summary>
    public async Task<IReadOnlyDictionary<(ModuleKey Old, ModuleKey New), IReadOnlyDictionary<CustomerKey, Movement>>> Of(IReadOnlyCollection<(ModuleKey Old, ModuleKey New)> pairs, DateOnly until, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var reports = await usage.Reports([.. pairs.SelectMany(pair => new[] { pair.Old, pair.New }).Distinct()], cancel);
            IReadOnlyDictionary<int, long> revisions;
            await using (var db = await databases.CreateDbContextAsync(cancel))
            {
                await db.Database.OpenConnectionAsync(cancel);
                revisions = await stored.Of(db.Database.GetDbConnection(), cancel);
            }
            var current = new Dictionary<(ModuleKey, ModuleKey), Pair>();
            foreach (var pair in pairs)
            {
                var fresh = new Pair(await keys.Find(pair.Old, cancel), await keys.Find(pair.New, cancel), until,
                    UsageQuestions.Known(reports.Coverage(pair.Old, until.AddDays(1 - HiddenDependents.History), until)), UsageQuestions.Known(reports.Coverage(pair.New, until.AddDays(1 - UsageQuestions.LookBack), until)));
                current[pair] = kept.TryGetValue(pair, out var before) && before.Same(fresh) ? before : fresh;
            }
            await Measure([.. current.Values], revisions, until, cancel);
            kept = current;
            return current.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<CustomerKey, Movement>)pair.Value.Customers.Values.Select(one => one.Found).OfType<Movement>().ToDictionary(found => found.Standing.Customer));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task Measure(IReadOnlyList<Pair> pairs, IReadOnlyDictionary<int, long> revisions, DateOnly until, CancellationToken cancel)
    {
        var names = await keys.Customers(revisions.Keys, cancel);
        foreach (var some in revisions.Where(now => pairs.Any(pair => pair.IsBehind(now.Key, now.Value))).Select(now => now.Key).Chunk(ReadAtOnce))
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            var days = await StoredDay.Read(db.Database.GetDbConnection(), some, until.AddDays(1 - HiddenDependents.History), until, cancel);
            foreach (var id in some)
                foreach (var pair in pairs.Where(pair => pair.IsBehind(id, revisions[id])))
                    pair.Customers[id] = (revisions[id], Of(names[id], pair, days[id], until));
        }
    }

    private static Movement? Of(CustomerKey customer, Pair pair, List<StoredDay> days, DateOnly until)
    {
        var old = pair.Old is { } left ? DaysOf(days, left, until, HiddenDependents.History) : null;
        var fresh = pair.New is { } right ? DaysOf(days, right, until, UsageQuestions.LookBack) : null;
        if (old is null && fresh is null || UsageQuestions.Judge(customer, until, old, fresh, pair.OldKnown, pair.NewKnown) is not { } standing)
            return null;
        var weeks = new long[old is null ? 0 : UseFigure.Weeks];
        for (var week = 0; week < weeks.Length; week++)
            weeks[^(week + 1)] = old!.Union(HiddenDependents.History - 7 * (week + 1), HiddenDependents.History - 7 * week - 1).Count;
        return new Movement(standing, Array.Exists(weeks, users => users > 0) ? weeks : []);
    }

    private static CustomerDays? DaysOf(List<StoredDay> days, int module, DateOnly until, int length)
    {
        CustomerDays? own = null;
        var from = until.DayNumber - length + 1;
        foreach (var row in days)
            if (row.Day >= from && DayFigures.Find(row.Figures, module, out var figure) && row.Set(module) is { } users)
            {
                own ??= new CustomerDays(length);
                own.Calls[row.Day - from] += figure.Calls;
                own.Minutes[row.Day - from] |= (long)figure.Minutes;
                own.Users[row.Day - from] = own.Users[row.Day - from] is { } other ? other.Union(users) : users;
            }
        return own;
    }

    private sealed record Pair(int? Old, int? New, DateOnly Until, bool[] OldKnown, bool[] NewKnown)
    {
        /// <summary>By stored number: the revision that was looked at, and what was found.</summary>
        public Dictionary<int, (long Revision, Movement? Found)> Customers { get; } = [];

        public bool Same(Pair other) => Old == other.Old && New == other.New && Until == other.Until && OldKnown.AsSpan().SequenceEqual(other.OldKnown) && NewKnown.AsSpan().SequenceEqual(other.NewKnown);

        public bool IsBehind(int customer, long revision) => !Customers.TryGetValue(customer, out var known) || known.Revision != revision;
    }
}

/// <summary>One customer between an old module and its replacement.</summary>
/// <param name="Weeks">Users of the old module in each of the last <see cref="UseFigure.Weeks"/> weeks up to the day that runs, oldest first; none where nobody used it.</param>
internal sealed record Movement(CustomerStanding Standing, IReadOnlyList<long> Weeks);
