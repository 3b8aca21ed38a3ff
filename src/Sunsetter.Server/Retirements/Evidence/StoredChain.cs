using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Checks the facts in the database itself: each against its hash, each stream against the head beside its state.</summary>
internal sealed class StoredChain(IDbContextFactory<SunsetterDb> databases)
{
    /// <param name="Customer">Empty for the retirement as a whole.</param>
    internal sealed record Fault(string Customer, int Version);

    internal sealed record Result(int Facts, Fault? FirstFault);

    public async Task<Result> Check(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var heads = await db.Set<EntryRow>().AsNoTracking().Where(row => row.Retirement == id).ToDictionaryAsync(row => row.Customer.Value, row => (row.Version, row.Head), cancel);
        if (await db.Set<RetirementRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) is { } whole)
            heads[""] = (whole.Version, whole.Head);

        var count = 0;
        foreach (var (customer, (version, head)) in heads.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var previous = FactChain.Start;
            var expected = 1;
            var facts = db.Set<FactRow>().AsNoTracking().Where(fact => fact.Retirement == id && fact.Customer == customer).OrderBy(fact => fact.Version);
            await foreach (var fact in facts.AsAsyncEnumerable().WithCancellation(cancel))
            {
                previous = FactChain.Link(previous, id.ToString(), customer, fact.Version, fact.Kind, fact.At.ToUnixTimeMilliseconds(), fact.By, fact.Body);
                if (fact.Version != expected++ || !previous.AsSpan().SequenceEqual(fact.Hash))
                    return new Result(count, new Fault(customer, fact.Version));
                count++;
            }
            if (expected - 1 != version || !previous.AsSpan().SequenceEqual(head))
                return new Result(count, new Fault(customer, expected));
        }
        return new Result(count, null);
    }
}
