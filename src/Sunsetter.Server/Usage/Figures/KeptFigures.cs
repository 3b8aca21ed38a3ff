using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Keeps <see cref="UseFigures"/> true to what is stored. Each write raises the revision of the customers it touches, so those who changed are known at each look: up to
/// <see cref="MostAtOnce"/> of them are reckoned before it is answered. More — midnight, an import, a vendor whose customers are all at work — are reckoned behind
/// the pages, which show the reckoning before until then. A rule that may refuse asks <see cref="UsageQuestions"/>, never this.
/// </summary>
internal sealed partial class KeptFigures(
    IDbContextFactory<SunsetterDb> databases, UsageKeys keys, UsageRevisions stored, UsageQuestions usage, Settings settings, TimeProvider clock, ILogger<KeptFigures> log) : BackgroundService
{
    public const int MostAtOnce = 32;

    private const int ReadAtOnce = 100;

    // Reading who reported on more modules than this takes longer than a page may.
    private const int MostModulesAtOnce = 100;

    // Behind the pages it looks so often by itself, and never works more than a quarter of the time.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private const int RestsFor = 3;

    private readonly SemaphoreSlim turn = new(1), sweeping = new(1);
    private readonly Channel<bool> wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile Kept? kept;

    /// <summary>The figures, exact but for what is reckoned behind.</summary>
    public async Task<UseFigures> Read(CancellationToken cancel)
    {
        var ground = await Ground(cancel);
        // Yesterday's are shown until today's are there; those of a day to come, after a clock was set back, are not.
        if (kept is not { } known || (known.Figures.Today.AddDays(1) < ground.Today || known.Figures.Today > ground.Today) && known.Figures.Customers.Count > MostAtOnce)
            await Sweep(cancel);
        else if (known.Ground != ground && !await CatchUp(ground, cancel))
            wanted.Writer.TryWrite(true);
        return kept!.Figures;
    }

    /// <summary>The figures with everything that was written before it was asked. For work behind the pages, which may wait.</summary>
    public async Task<UseFigures> ReadAll(CancellationToken cancel)
    {
        var ground = await Ground(cancel);
        if (kept is not { } known || known.Ground != ground && !await CatchUp(ground, cancel))
            await Sweep(cancel);
        return kept!.Figures;
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        // Whoever starts the server does not wait for it.
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            try
            {
                if (kept is not { } known || known.Ground != await Ground(stopping))
                    await Sweep(stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                Failed(failure);
            }
            try
            {
                var rest = RestsFor * clock.GetElapsedTime(started);
                await Task.Delay(rest, clock, stopping);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(wanted.Reader.WaitToReadAsync(ended.Token).AsTask(), Task.Delay(Every, clock, ended.Token));
                await ended.CancelAsync();
                wanted.Reader.TryRead(out _);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        turn.Dispose();
        sweeping.Dispose();
    }

    /// <summary>Reckons those who changed, where they are few. False: they are many.</summary>
    private async Task<bool> CatchUp(FiguresGround ground, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var before = kept!;
            if (before.Ground == ground)
                return true;
            if (before.Ground.OfReports != ground.OfReports && before.Figures.Numbered.Count > MostModulesAtOnce)
                return false;
            var next = await Next(before, ground, cancel);
            if (next.Behind.Count > MostAtOnce)
                return false;
            kept = next.With(await Reckon(next, next.Behind, cancel));
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Reckons everybody who changed.</summary>
    private async Task Sweep(CancellationToken cancel)
    {
        await sweeping.WaitAsync(cancel);
        try
        {
            var ground = await Ground(cancel);
            if (kept?.Ground == ground)
                return;
            var next = await Next(kept, ground, cancel);
            var reckoned = await Reckon(next, next.Behind, cancel);
            await turn.WaitAsync(cancel);
            try
            {
                // Meanwhile pages may have reckoned some themselves, from newer writes.
                if (kept is { } meanwhile && meanwhile.Figures.Today == ground.Today)
                    foreach (var (id, newer) in meanwhile.Figures.Customers)
                        if (newer.Revision > (reckoned.TryGetValue(id, out var own) || next.Before.TryGetValue(id, out own) ? own.Revision : -1))
                            reckoned[id] = newer;
                kept = next.With(reckoned);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            sweeping.Release();
        }
    }

    /// <summary>What a reckoning starts from: who is behind, and the figures of the others.</summary>
    private async Task<Reckoning> Next(Kept? before, FiguresGround ground, CancellationToken cancel)
    {
        var modules = await keys.Modules(cancel);
        var reports = before is not null && before.Ground.OfReports == ground.OfReports && before.Figures.Numbered.Count == modules.Count ? before.Figures.Reports : await usage.Reports([.. modules.Values], cancel);
        IReadOnlyDictionary<int, long> revisions;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            await db.Database.OpenConnectionAsync(cancel);
            revisions = await stored.Of(db.Database.GetDbConnection(), cancel);
        }
        var known = modules.ToDictionary(module => module.Key, module => UsageQuestions.Known(reports.Coverage(module.Value, ground.Today.AddDays(1 - HiddenDependents.History), ground.Today)));
        if (before is null || before.Figures.Today != ground.Today)
            return new Reckoning(ground, modules, reports, known, new Dictionary<int, CustomerFigures>(), null, revisions, [.. revisions.Keys]);
        var customers = before.Figures.Customers;
        return new Reckoning(ground, modules, reports, known, customers, before.Figures.Modules, revisions, [.. Behind(customers, before.Known, revisions, known)]);
    }

    /// <summary>Whose figures no longer hold: they were written to, or of a module that they use another thing is known now.</summary>
    /// <param name="then">By module, what was known of its days when the figures were reckoned.</param>
    internal static IEnumerable<int> Behind(IReadOnlyDictionary<int, CustomerFigures> customers, IReadOnlyDictionary<int, bool[]> then, IReadOnlyDictionary<int, long> revisions, IReadOnlyDictionary<int, bool[]> now)
    {
        // Where it is now known that nobody came, a silence means something else than before; and what was used before its module was numbered here is in no module's figures yet.
        var told = now.Where(module => !then.TryGetValue(module.Key, out var before) || !before.AsSpan().SequenceEqual(module.Value)).Select(module => module.Key).ToHashSet();
        return revisions.Where(current => !customers.TryGetValue(current.Key, out var own) || own.Revision != current.Value || told.Count > 0 && own.Modules.Keys.Any(told.Contains)).Select(current => current.Key);
    }

    private async Task<Dictionary<int, CustomerFigures>> Reckon(Reckoning next, IReadOnlyList<int> behind, CancellationToken cancel)
    {
        var reckoned = new Dictionary<int, CustomerFigures>(behind.Count);
        var names = await keys.Customers(behind, cancel);
        var nothing = new bool[HiddenDependents.History];
        foreach (var some in behind.Chunk(ReadAtOnce))
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            var days = await StoredDay.Read(db.Database.GetDbConnection(), some, next.Ground.Today.AddDays(1 - HiddenDependents.History), next.Ground.Today, cancel);
            foreach (var id in some)
                reckoned[id] = FigureRule.Of(names[id], next.Revisions[id], next.Ground.Today, days[id], module => next.Known.GetValueOrDefault(module, nothing));
        }
        return reckoned;
    }

    /// <summary>All that figures rest on, as short as it can be told.</summary>
    private async Task<FiguresGround> Ground(CancellationToken cancel)
    {
        var rules = await settings.Get<UsageSettings>(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stamps = (await db.Database.SqlQuery<Stamps>($"""
            select (select count(*) from usage_customer) as "Customers", (select cast(coalesce(sum(revision), 0) as bigint) from usage_customer) as "Revisions",
                (select count(*) from usage_module) as "Modules", (select count(*) from usage_report where module_id = 0) as "Days",
                (select coalesce(max(last_at), 0) from usage_report where module_id = 0) as "LastAt", (select cast(coalesce(sum(events), 0) as bigint) from usage_report where module_id = 0) as "Events",
                (select count(*) from usage_source_end) as "Ends", (select coalesce(max(at), 0) from usage_source_end) as "EndedAt"
            """).ToListAsync(cancel))[0];
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return new FiguresGround(today, stamps.Customers, stamps.Revisions, new(today, stamps.Modules, stamps.Days, stamps.LastAt, stamps.Events, stamps.Ends, stamps.EndedAt, rules.IdleDays, rules.EnoughCoverage));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The figures of use could not be reckoned; pages show the reckoning before, and it is tried again.")]
    private partial void Failed(Exception failure);

    private sealed record Stamps(long Customers, long Revisions, long Modules, long Days, long LastAt, long Events, long Ends, long EndedAt);

    private sealed record ReportsGround(DateOnly Today, long Modules, long Days, long LastAt, long Events, long Ends, long EndedAt, int IdleDays, double Enough);

    private sealed record FiguresGround(DateOnly Today, long Customers, long Revisions, ReportsGround OfReports);

    private sealed record Kept(FiguresGround Ground, UseFigures Figures, IReadOnlyDictionary<int, bool[]> Known);

    /// <param name="Before">Figures of those who did not change, and older ones of those who did.</param>
    private sealed record Reckoning(
        FiguresGround Ground, IReadOnlyDictionary<int, ModuleKey> Modules, HeardReports Reports, IReadOnlyDictionary<int, bool[]> Known,
        IReadOnlyDictionary<int, CustomerFigures> Before, IReadOnlyDictionary<ModuleKey, ModuleFigures>? ModulesBefore, IReadOnlyDictionary<int, long> Revisions, IReadOnlyList<int> Behind)
    {
        public Kept With(IReadOnlyDictionary<int, CustomerFigures> reckoned)
        {
            var customers = new Dictionary<int, CustomerFigures>(Before);
            var changed = Modules.Keys.ToDictionary(module => module, _ => new List<(int, UseFigure?)>());
            foreach (var (id, now) in reckoned)
            {
                var then = Before.TryGetValue(id, out var before) ? before.Modules.Keys : [];
                // A module that was numbered a moment ago comes with the next reckoning: its customers are behind again.
                foreach (var module in then.Union(now.Modules.Keys).Where(changed.ContainsKey))
                    changed[module].Add((id, now.Modules.GetValueOrDefault(module)));
                customers[id] = now;
            }
            var modules = changed.ToDictionary(module => Modules[module.Key], module =>
            {
                var then = ModulesBefore?.GetValueOrDefault(Modules[module.Key]) ?? ModuleFigures.Nobody;
                return module.Value.Count == 0 ? then : then.With(module.Value);
            });
            return new Kept(Ground, new UseFigures(Ground.Today, Reports, Modules, customers, modules), Known);
        }
    }
}
