using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>
/// What waits in each retirement, and what keeps it from its next stage, kept until a fact of it is added: a page that everybody opens first must not judge every customer of every retirement
/// anew. What is no fact — a contact, new use, midnight — is looked at again behind the page, once a minute while anybody looks and else every few minutes, so that whoever
/// comes first in the morning waits for nothing; after <see cref="Longest"/> nobody is shown what was kept.
/// </summary>
internal sealed partial class KeptNeeds(IDbContextFactory<SunsetterDb> databases, IEnumerable<INeeds> stages, IEnumerable<IBlockers> blocking, FactLog facts, Changes changes, TimeProvider clock, ILogger<KeptNeeds> log) : BackgroundService
{
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(4);

    private readonly ConcurrentDictionary<RetirementId, Kept> kept = [];
    private readonly ConcurrentDictionary<RetirementId, long> heard = [];
    private readonly Channel<RetirementId> stale = Channel.CreateBounded<RetirementId>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task<IReadOnlyList<Need>> Of(IEnumerable<Retirement> retirements, DateTimeOffset now, CancellationToken cancel)
    {
        var versions = await Versions(cancel);
        var all = new List<Need>();
        foreach (var retirement in retirements)
            all.AddRange((await Find(retirement, versions.GetValueOrDefault(retirement.Id), now, cancel)).Needs);
        return all;
    }

    /// <summary>What keeps one retirement from its next stage. Stands on every page of it, so nothing is asked while this node hears of no change; what another node did to an entry shows within a minute.</summary>
    public async Task<IReadOnlyList<Blocker>> BlockersOf(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        if (kept.TryGetValue(retirement.Id, out var known) && known.Stamp.Item1 == retirement.Version && known.Heard == heard.GetValueOrDefault(retirement.Id) && known.HoldsAt(now))
        {
            LookAgain(retirement.Id, known, now);
            return known.Blockers;
        }
        return (await Ask(retirement, (retirement.Version, await Versions(retirement.Id, cancel)), now, cancel)).Blockers;
    }

    private async Task<Kept> Find(Retirement retirement, long entries, DateTimeOffset now, CancellationToken cancel)
    {
        // Each fact raises one version by one, so each of the two can only grow. Not their sum: the retirement was read before its entries were counted.
        var stamp = (retirement.Version, entries);
        if (!kept.TryGetValue(retirement.Id, out var known) || known.Stamp != stamp || !known.HoldsAt(now))
            return await Ask(retirement, stamp, now, cancel);
        LookAgain(retirement.Id, known, now);
        return known;
    }

    private void LookAgain(RetirementId id, Kept known, DateTimeOffset now)
    {
        if (now - known.At >= Fresh && !known.IsWaiting)
            known.IsWaiting = stale.Writer.TryWrite(id);
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        changes.Raised += id => heard.AddOrUpdate(id, 1, (_, times) => times + 1);
        // Whoever starts the server does not wait for it.
        await Task.Yield();
        await Task.WhenAll(Answer(stopping), KeepAll(stopping));
    }

    private async Task Answer(CancellationToken stopping)
    {
        await foreach (var id in stale.Reader.ReadAllAsync(stopping))
            try
            {
                if (await facts.Find(id, stopping) is { } retirement)
                    await Ask(retirement, (retirement.Version, await Versions(id, stopping)), clock.GetUtcNow(), stopping);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // What was kept is shown until it is too old; then the page itself meets the fault.
                Failed(failure, id.ToString());
            }
    }

    private async Task KeepAll(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var retirement in (await facts.All(stopping)).Where(retirement => !retirement.Ended))
                    if (!kept.TryGetValue(retirement.Id, out var known) || (clock.GetUtcNow() - known.At).Duration() >= Unasked)
                        await Ask(retirement, (retirement.Version, await Versions(retirement.Id, stopping)), clock.GetUtcNow(), stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                Failed(failure, "*");
            }
            await Task.Delay(Fresh, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Kept> Ask(Retirement retirement, (int, long) stamp, DateTimeOffset now, CancellationToken cancel)
    {
        // First: what changes while it is looked at is looked at again.
        var before = heard.GetValueOrDefault(retirement.Id);
        var needs = new List<Need>();
        foreach (var stage in stages)
            needs.AddRange(await stage.Of(retirement, now, cancel));
        var (blockers, entries) = (new List<Blocker>(), await facts.Entries(retirement.Id, cancel));
        foreach (var stage in blocking)
            blockers.AddRange(await stage.Of(retirement, entries, now, cancel));
        return kept[retirement.Id] = new Kept(stamp, before, now, needs, blockers);
    }

    private async Task<Dictionary<RetirementId, long>> Versions(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<EntryRow>().GroupBy(row => row.Retirement).Select(group => new { group.Key, Sum = group.Sum(row => (long)row.Version) }).ToDictionaryAsync(row => row.Key, row => row.Sum, cancel);
    }

    private async Task<long> Versions(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<EntryRow>().Where(row => row.Retirement == id).SumAsync(row => (long)row.Version, cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What waits in the retirement {Retirement} could not be looked at again; it is tried at the next page.")]
    private partial void Failed(Exception failure, string retirement);

    /// <param name="Heard">How often this node had heard of a change when it was begun.</param>
    private sealed record Kept((int, long) Stamp, long Heard, DateTimeOffset At, IReadOnlyList<Need> Needs, IReadOnlyList<Blocker> Blockers)
    {
        public bool IsWaiting { get; set; }

        public bool HoldsAt(DateTimeOffset now) => now - At < Longest && now >= At;
    }
}
