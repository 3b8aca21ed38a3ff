using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// The entries of retirements that were asked for lately, as they were read. An entry is never taken out of the ledger and each change raises its version,
/// so the number and the sum of the versions tell whether any has changed, whichever node did it; then only those that did are read again.
/// </summary>
internal sealed class KeptEntries
{
    /// <summary>Entries in memory, all retirements together; one takes two to five kilobytes.</summary>
    private const int Most = 60_000;

    private const int ReadAtOnce = 500;

    private readonly ConcurrentDictionary<RetirementId, Kept> kept = [];
    private long tick;

    /// <summary>Every entry of a retirement, in the order of the customers' keys.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> Of(SunsetterDb db, RetirementId id, CancellationToken cancel)
    {
        if (kept.TryGetValue(id, out var known))
        {
            var now = await db.Set<EntryRow>().Where(row => row.Retirement == id).GroupBy(row => 1).Select(all => new { Count = all.Count(), Versions = all.Sum(row => (long)row.Version) }).SingleOrDefaultAsync(cancel);
            known.AskedAt = Interlocked.Increment(ref tick);
            if ((now?.Count ?? 0, now?.Versions ?? 0) == (known.Entries.Length, known.Versions))
                return known.Entries;
        }
        var entries = known is null ? await Read(db.Set<EntryRow>().Where(row => row.Retirement == id), cancel) : await ReadChanged(db, id, known.Entries, cancel);
        Array.Sort(entries, static (left, right) => string.CompareOrdinal(left.Customer.Value, right.Customer.Value));
        kept[id] = new Kept(entries, entries.Sum(entry => (long)entry.Version)) { AskedAt = Interlocked.Increment(ref tick) };
        MakeRoom();
        return entries;
    }

    private static async Task<LedgerEntry[]> Read(IQueryable<EntryRow> rows, CancellationToken cancel) =>
        [.. (await rows.Select(row => row.State).ToListAsync(cancel)).Select(States.Read<LedgerEntry>)];

    private static async Task<LedgerEntry[]> ReadChanged(SunsetterDb db, RetirementId id, LedgerEntry[] before, CancellationToken cancel)
    {
        var current = before.ToDictionary(entry => entry.Customer);
        var versions = await db.Set<EntryRow>().Where(row => row.Retirement == id).Select(row => new { row.Customer, row.Version }).ToListAsync(cancel);
        var changed = versions.Where(now => !current.TryGetValue(now.Customer, out var then) || then.Version != now.Version).Select(now => now.Customer).ToList();
        foreach (var some in changed.Chunk(ReadAtOnce))
            foreach (var entry in await Read(db.Set<EntryRow>().Where(row => row.Retirement == id && some.Contains(row.Customer)), cancel))
                current[entry.Customer] = entry;
        return [.. current.Values];
    }

    private void MakeRoom()
    {
        while (kept.Count > 1 && kept.Values.Sum(one => one.Entries.Length) > Most)
            kept.TryRemove(kept.MinBy(one => one.Value.AskedAt).Key, out _);
    }

    private sealed record Kept(LedgerEntry[] Entries, long Versions)
    {
        public long AskedAt { get; set; }
    }
}
