using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Compression;
using Sunsetter.Gates;

namespace Sunsetter.Server.Gates;

/// <summary>A delta ready to be sent to holders of the whole snapshot.</summary>
/// <param name="From">When the snapshot was made that it leads on from.</param>
internal sealed record DeltaStep(long Version, byte[] Frame, DateTimeOffset From);

/// <summary>One version as it goes over the wire. What is costly to make is made when the first asks for it, and once.</summary>
internal sealed class Published
{
    private const int StepsKept = 256;

    // Only the snapshot before: a chain of them would keep every version for ever.
    private readonly GateSnapshot? before;
    private readonly ImmutableSortedDictionary<long, DeltaStep> steps;
    private readonly Lazy<byte[]> body;
    private readonly Lazy<byte[]> zipped;
    private readonly Lazy<byte[]> frame;
    private readonly ConcurrentDictionary<string, byte[]> viewFrames = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> viewDeltas = new(StringComparer.Ordinal);

    private Published(GateSnapshot snapshot, GateSnapshot? before, ImmutableSortedDictionary<long, DeltaStep> steps, GateDelta? delta)
    {
        Snapshot = snapshot;
        Delta = delta;
        this.before = before;
        this.steps = steps;
        body = new Lazy<byte[]>(snapshot.Write);
        zipped = new Lazy<byte[]>(() => Zip(body.Value));
        frame = new Lazy<byte[]>(() => SseFrame.Of("snapshot", snapshot.Version, body.Value));
    }

    public GateSnapshot Snapshot { get; }

    public long Version => Snapshot.Version;

    /// <summary>What changed since the version before; null for the first.</summary>
    public GateDelta? Delta { get; }

    public byte[] Body => body.Value;

    public byte[] Zipped => zipped.Value;

    public byte[] SnapshotFrame => frame.Value;

    public static Published First(GateSnapshot snapshot) => new(snapshot, null, ImmutableSortedDictionary<long, DeltaStep>.Empty, null);

    public Published Next(GateSnapshot snapshot)
    {
        var delta = GateDelta.Between(Snapshot, snapshot);
        var next = steps.Count < StepsKept ? steps : steps.Remove(steps.Keys.First());
        return new Published(snapshot, Snapshot, next.Add(Version, new DeltaStep(snapshot.Version, SseFrame.Of("delta", snapshot.Version, delta.Write()), Snapshot.IssuedAt)), delta);
    }

    /// <summary>Whether a client's version is ours of that number; one that does not say when it was made is believed.</summary>
    public bool Knows(Held held) => held.Made is not { } made || made == (held.Version == Version ? Snapshot.IssuedAt : After(held.Version)?.From);

    /// <summary>The delta that follows a version, where it is still known.</summary>
    public DeltaStep? After(long version) => steps.GetValueOrDefault(version);

    /// <summary>The snapshot as one customer's browser may see it.</summary>
    public byte[] SnapshotFrameFor(string customer) =>
        viewFrames.GetOrAdd(customer, (key, snapshot) => SseFrame.Of("snapshot", snapshot.Version, snapshot.SeenBy(key).Write()), Snapshot);

    /// <summary>What one customer's browser needs that has a version: the delta from the version before, else the whole.</summary>
    public byte[] FrameFor(string customer, long version) => before is not null && before.Version == version
        ? viewDeltas.GetOrAdd(customer, (key, self) => SseFrame.Of("delta", self.Version, GateDelta.Between(self.before!.SeenBy(key), self.Snapshot.SeenBy(key)).Write()), this)
        : SnapshotFrameFor(customer);

    private static byte[] Zip(byte[] body)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(body);
        return stream.ToArray();
    }
}
