using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// The log of facts and the states folded from it. <c>Change</c> is the only way to change a retirement: it reads the state, asks a pure rule,
/// appends the facts with their streams' next versions and stores the new state, all in one transaction; one who is overtaken is asked again.
/// </summary>
internal sealed class FactLog(IDbContextFactory<SunsetterDb> databases, KeptEntries kept, ReadableRetirements readable, TimeProvider clock, Changes changes)
{
    private const int Attempts = 5, ReadAtOnce = 500;

    public async Task<Retirement?> Find(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.Set<RetirementRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel);
        return row is null ? null : States.Read<Retirement>(row.State);
    }

    /// <summary>Every retirement whose state can be read.</summary>
    public async Task<IReadOnlyList<Retirement>> All(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<RetirementRow>().AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancel);
        return readable.Of(rows);
    }

    /// <summary>Every other retirement, those that cannot be read too.</summary>
    public async Task<IReadOnlyList<Retirement>> Others(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return readable.OrRows(await new EntriesOfOne(db, id).Others(cancel));
    }

    public async Task<LedgerEntry?> FindEntry(RetirementId id, CustomerKey customer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.Set<EntryRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Retirement == id && row.Customer == customer, cancel);
        return row is null ? null : States.Read<LedgerEntry>(row.State);
    }

    public async Task<int> CountEntries(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<EntryRow>().CountAsync(row => row.Retirement == id, cancel);
    }

    /// <summary>Every entry of a retirement, in the order of the customers' keys.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> Entries(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await kept.Of(db, id, cancel);
    }

    /// <summary>The entries of some customers.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> Entries(RetirementId id, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        if (customers.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await new EntriesOfOne(db, id).Some(customers, cancel);
    }

    /// <summary>Every entry that one customer has, in any retirement.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EntriesOf(CustomerKey customer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<EntryRow>().AsNoTracking().Where(row => row.Customer == customer).OrderBy(row => row.Retirement).ToListAsync(cancel);
        return [.. rows.Select(row => States.Read<LedgerEntry>(row.State))];
    }

    /// <summary>The facts of a retirement in the order in which they happened; of one entry where <paramref name="customer"/> is given.</summary>
    public async Task<IReadOnlyList<Recorded>> History(RetirementId id, CustomerKey? customer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Set<FactRow>().AsNoTracking().Where(row => row.Retirement == id);
        if (customer is { } one)
            rows = rows.Where(row => row.Customer == one.Value);
        return [.. (await rows.OrderBy(row => row.At).ThenBy(row => row.Customer).ThenBy(row => row.Version).ToListAsync(cancel)).Select(States.Recorded)];
    }

    /// <summary>How many facts of a kind the entries of some customers have, all together.</summary>
    public async Task<int> Count<T>(RetirementId id, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) where T : EntryFact
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (kind, count) = (FactKinds.NameOf(typeof(T)), 0);
        foreach (var some in customers.Select(customer => customer.Value).Chunk(ReadAtOnce))
            count += await db.Set<FactRow>().CountAsync(row => row.Retirement == id && some.Contains(row.Customer) && row.Kind == kind, cancel);
        return count;
    }

    /// <summary>A page of all facts of a retirement, the newest first, and how many there are.</summary>
    public async Task<(IReadOnlyList<Recorded> Page, int Total)> Newest(RetirementId id, int skip, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Set<FactRow>().AsNoTracking().Where(row => row.Retirement == id);
        var page = await rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Customer).ThenByDescending(row => row.Version).Skip(skip).Take(take).ToListAsync(cancel);
        return ([.. page.Select(States.Recorded)], await rows.CountAsync(cancel));
    }

    /// <summary>Starts a retirement: the rule sees an empty state.</summary>
    public Task<Outcome<Retirement>> Begin(RetirementId id, string by, Func<Retirement, Decision> rule, CancellationToken cancel) =>
        Change(id, by, (retirement, _) => Task.FromResult(rule(retirement)), Hold.New, cancel);

    /// <summary>Starts a retirement where the rule must see all others: two who begin at once are asked one after the other.</summary>
    public async Task<Outcome<Retirement>> BeginBeside(RetirementId id, string by, Func<IReadOnlyList<Retirement>, Decision> rule, CancellationToken cancel) =>
        await Change(id, by, async (_, entries) => rule(readable.OrRows(await entries.Others(cancel))), Hold.NewBesideOthers, cancel);

    /// <summary>Whether an act of a request has recorded something (<see cref="RepeatedRequests"/>).</summary>
    public async Task<bool> HasDone(string act, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<DoneRequestRow>().AnyAsync(done => done.Key == act, cancel);
    }

    /// <summary>Asks a rule of the retirement as a whole and appends what it answers.</summary>
    public Task<Outcome<Retirement>> Change(RetirementId id, string by, Func<Retirement, Decision> rule, CancellationToken cancel) =>
        Change(id, by, (retirement, _) => Task.FromResult(rule(retirement)), Hold.Whole, cancel);

    /// <summary>Asks a rule of one customer's entry and appends what it answers.</summary>
    public Task<Outcome<Retirement>> Change(RetirementId id, CustomerKey customer, string by, Func<Retirement, LedgerEntry, Decision> rule, CancellationToken cancel) =>
        Change(id, by, async (retirement, entries) => await entries.Find(customer, cancel) is { } entry
            ? rule(retirement, entry)
            : new Refusal("entry.unknown", $"“{customer}” is not affected by this retirement.", $"该退役不影响客户“{customer}”。", StatusCodes.Status404NotFound), Hold.Beside, cancel);

    /// <summary>Asks a rule that looks at all entries.</summary>
    public Task<Outcome<Retirement>> Change(RetirementId id, string by, Func<Retirement, IReadOnlyList<LedgerEntry>, Decision> rule, CancellationToken cancel) =>
        Change(id, by, async (retirement, entries) => rule(retirement, await entries.All(cancel)), Hold.Whole, cancel);

    /// <summary>Asks a rule that looks at the entries of some customers; those without one are left out.</summary>
    public Task<Outcome<Retirement>> Change(RetirementId id, IReadOnlyCollection<CustomerKey> customers, string by, Func<Retirement, IReadOnlyList<LedgerEntry>, Decision> rule, CancellationToken cancel) =>
        Change(id, by, async (retirement, entries) => rule(retirement, await entries.Some(customers, cancel)), Hold.Beside, cancel);

    private async Task<Outcome<Retirement>> Change(RetirementId id, string by, Func<Retirement, EntriesOfOne, Task<Decision>> rule, Hold hold, CancellationToken cancel)
    {
        var act = RepeatedRequests.NextAct();
        var begin = hold is Hold.New or Hold.NewBesideOthers;
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            // SQLite takes its write lock here, PostgreSQL with the row: what a rule reads cannot change before its facts are stored.
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            if (act is not null && await db.Set<DoneRequestRow>().AsNoTracking().FirstOrDefaultAsync(done => done.Key == act, cancel) is { } done)
                return States.Read<Retirement>(await db.Set<RetirementRow>().Where(row => row.Id == done.Retirement).Select(row => row.State).SingleAsync(cancel));
            var row = await Held(db, id, hold, cancel);
            if (row is null != begin)
                return begin
                    ? throw new InvalidOperationException($"Retirement {id} exists already.")
                    : Refusal.NotFound("retirement", "退役", id.ToString());

            var retirement = row is null ? new Retirement(id) : States.Read<Retirement>(row.State);
            var decision = await rule(retirement, new EntriesOfOne(db, id));
            if (decision.Refusal is { } refusal)
                return refusal;
            if (decision.Facts.Count == 0)
                return retirement;

            try
            {
                var append = new Append(db, id, by, clock.GetUtcNow());
                var after = await append.Store(retirement, row, decision, cancel);
                if (act is not null)
                    db.Add(new DoneRequestRow { Key = act, Retirement = id, At = append.At });
                await db.SaveChangesAsync(cancel);
                if (append.ChangesGates)
                    await GatePosition.Raise(db, id, append.GatesOf, decision.Facts.Any(fact => fact.Fact is ModuleRestored or CustomerRestored), append.At, cancel);
                await transaction.CommitAsync(cancel);
                changes.Raise(id);
                return after;
            }
            catch (DbUpdateException overtaken) when (SunsetterDb.Overtaken(overtaken))
            {
                if (attempt == Attempts)
                    return Refusal.Overtaken;
            }
        }
    }

    /// <summary>What must stand still on PostgreSQL while a rule is asked.</summary>
    private enum Hold
    {
        /// <summary>Nothing: there is no row yet.</summary>
        New,

        /// <summary>Nobody else begins meanwhile.</summary>
        NewBesideOthers,

        /// <summary>The retirement as a whole; others who change entries of their own customers do so at the same time.</summary>
        Beside,

        /// <summary>The retirement and all of its entries.</summary>
        Whole,
    }

    private static async Task<RetirementRow?> Held(SunsetterDb db, RetirementId id, Hold hold, CancellationToken cancel)
    {
        if (!db.IsPostgres)
            return await db.Set<RetirementRow>().FirstOrDefaultAsync(row => row.Id == id, cancel);
        if (hold == Hold.NewBesideOthers)
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext('retirement begins'))", cancel);
        var key = id.ToString();
        var rows = hold == Hold.Whole
            ? db.Set<RetirementRow>().FromSql($"select * from retirement where id = {key} for update")
            : db.Set<RetirementRow>().FromSql($"select * from retirement where id = {key} for share");
        return (await rows.ToListAsync(cancel)).SingleOrDefault();
    }
}

/// <summary>The entries of one retirement, read within the transaction that will change them.</summary>
internal sealed class EntriesOfOne(SunsetterDb db, RetirementId id)
{
    public async Task<IReadOnlyList<RetirementRow>> Others(CancellationToken cancel) =>
        await db.Set<RetirementRow>().AsNoTracking().Where(row => row.Id != id).OrderBy(row => row.Id).ToListAsync(cancel);

    public async Task<LedgerEntry?> Find(CustomerKey customer, CancellationToken cancel)
    {
        var row = await db.Set<EntryRow>().FirstOrDefaultAsync(row => row.Retirement == id && row.Customer == customer, cancel);
        return row is null ? null : States.Read<LedgerEntry>(row.State);
    }

    public async Task<IReadOnlyList<LedgerEntry>> Some(IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var keys = customers.ToList();
        var rows = await db.Set<EntryRow>().Where(row => row.Retirement == id && keys.Contains(row.Customer)).OrderBy(row => row.Customer).ToListAsync(cancel);
        return [.. rows.Select(row => States.Read<LedgerEntry>(row.State))];
    }

    public async Task<IReadOnlyList<LedgerEntry>> All(CancellationToken cancel)
    {
        var rows = await db.Set<EntryRow>().Where(row => row.Retirement == id).OrderBy(row => row.Customer).ToListAsync(cancel);
        return [.. rows.Select(row => States.Read<LedgerEntry>(row.State))];
    }
}
