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
        await using var transaction = await db.OneMoment(cancel);
        var heads = (await db.Set<EntryRow>().AsNoTracking().Where(row => row.Retirement == id).Select(row => new { row.Customer, row.Version, row.Head }).ToListAsync(cancel))
            .ToDictionary(row => row.Customer.Value, row => (row.Version, row.Head));
        if (await db.Set<RetirementRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) is { } whole)
            heads[""] = (whole.Version, whole.Head);

        var (count, expected) = (0, 1);
        string? stream = null;
        var previous = FactChain.Start;
        // One sweep over all streams: a question for each of five thousand takes longer than all their hashes.
        var facts = db.Set<FactRow>().AsNoTracking().Where(fact => fact.Retirement == id).OrderBy(fact => fact.Customer).ThenBy(fact => fact.Version);
        await foreach (var fact in facts.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (fact.Customer != stream)
            {
                if (stream is not null && !Ends())
                    return new Result(count, new Fault(stream, expected));
                (stream, previous, expected) = (fact.Customer, FactChain.Start, 1);
            }
            previous = FactChain.Link(previous, id.ToString(), stream, fact.Version, fact.Kind, fact.At.ToUnixTimeMilliseconds(), fact.By, fact.Body);
            if (fact.Version != expected++ || !previous.AsSpan().SequenceEqual(fact.Hash))
                return new Result(count, new Fault(stream, fact.Version));
            count++;
        }
        if (stream is not null && !Ends())
            return new Result(count, new Fault(stream, expected));
        // What is left has a state and no fact.
        return new Result(count, heads.Count == 0 ? null : new Fault(heads.Keys.Order(StringComparer.Ordinal).First(), 1));

        // Whether the stream just read ends where its state says; each has one state.
        bool Ends() => heads.Remove(stream, out var head) && expected - 1 == head.Version && previous.AsSpan().SequenceEqual(head.Head);
    }
}
