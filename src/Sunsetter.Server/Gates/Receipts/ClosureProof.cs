using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <param name="SilentSince">Set for one that has said nothing for longer than its sign of life should take.</param>
internal sealed record InstanceView(string Instance, long Version, DateTimeOffset? ObeyedAt, DateTimeOffset SeenAt, string Client, long? ClockOffsetMs, string Key, DateTimeOffset? SilentSince);

/// <summary>Who obeys a version, and who does not yet: the proof of closure.</summary>
/// <param name="Proven">Every instance that is alive obeys the version. False while none is known: unknown is not proof.</param>
internal sealed record ClosureProof(long Version, long Current, bool Proven, int Obeying, IReadOnlyList<InstanceView> Laggards, IReadOnlyList<InstanceView> Silent)
{
    /// <summary>Nobody has reported anything.</summary>
    public static readonly ClosureProof Nobody = new(0, 0, Proven: false, 0, [], []);

    /// <summary>When the newest version was made.</summary>
    public DateTimeOffset Since { get; init; }
}

/// <summary>How fast a restore opened the module.</summary>
internal sealed record RestoreTime(long Version, string Retirement, DateTimeOffset PressedAt, int Instances, long? MedianMs, long? SlowestMs);

/// <summary>Answers about what applications obey. For pages and for the API.</summary>
internal sealed class GateAnswers(IDbContextFactory<SunsetterDb> databases, GatePublisher publisher, TimeProvider clock)
{
    /// <summary>Instances send a sign of life every minute; after three they count as silent.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    /// <summary>An instance that was silent for so long has been shut down and proves nothing either way.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    /// <summary>Who is behind for longer than this is not merely on the way.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);

    /// <param name="version">Null: the newest.</param>
    public async Task<ClosureProof> Proof(long? version, CancellationToken cancel)
    {
        var current = publisher.Current?.Version ?? 0;
        var wanted = version ?? current;
        var now = clock.GetUtcNow();
        var since = now - Forgotten;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<GateReceiptRow>().AsNoTracking().Where(row => row.SeenAt > since).OrderBy(row => row.Instance).ToListAsync(cancel);
        var alive = rows.Where(row => now - row.SeenAt <= Silence).ToList();
        var laggards = alive.Where(row => row.Version < wanted).Select(row => View(row, now)).ToList();
        return new ClosureProof(
            wanted, current, alive.Count > 0 && laggards.Count == 0, alive.Count - laggards.Count, laggards,
            [.. rows.Where(row => now - row.SeenAt > Silence && row.Version < wanted).Select(row => View(row, now))])
        {
            Since = publisher.Current?.Snapshot.IssuedAt ?? default,
        };
    }

    /// <summary>The latest restores, newest first.</summary>
    /// <param name="retirement">Only those of one retirement.</param>
    public async Task<IReadOnlyList<RestoreTime>> Restores(string? retirement, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var pressed = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Restores == 1 && (retirement == null || change.Retirement == retirement))
            .OrderByDescending(change => change.Position).Take(50).ToListAsync(cancel);
        var positions = pressed.Select(change => change.Position).ToList();
        var openings = (await db.Set<GateOpeningRow>().AsNoTracking().Where(row => positions.Contains(row.Position)).ToListAsync(cancel)).ToLookup(row => row.Position, row => row.Millis);
        return [.. pressed.Select(change =>
        {
            var times = openings[change.Position].Order().ToList();
            return new RestoreTime(change.Position, change.Retirement, change.At, times.Count, times.Count == 0 ? null : times[times.Count / 2], times.Count == 0 ? null : times[^1]);
        })];
    }

    private static InstanceView View(GateReceiptRow row, DateTimeOffset now) =>
        new(row.Instance, row.Version, row.ObeyedAt, row.SeenAt, row.Client, row.ClockOffsetMs, row.KeyName, now - row.SeenAt > Silence ? row.SeenAt : null);
}
