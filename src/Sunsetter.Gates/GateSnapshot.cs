namespace Sunsetter.Gates;

/// <summary>
/// Everything a client needs to decide, as of one version. Immutable: keep it in one field and swap the reference.
/// The format is described in <c>docs/gates-wire-format.md</c>.
/// </summary>
public sealed class GateSnapshot
{
    /// <summary>No snapshot at all: answers every question with the caller's default and the reason <see cref="GateReasons.NoSnapshot"/>.</summary>
    public static readonly GateSnapshot None = new(-1, DateTimeOffset.MinValue, []);

    private readonly KeyTable<GateModule> _byKey;
    private readonly GateModule[] _modules;

    internal GateSnapshot(long version, DateTimeOffset issuedAt, GateModule[] modules)
    {
        Version = version;
        IssuedAt = issuedAt;
        _modules = modules;
        _byKey = KeyTable<GateModule>.Of([.. modules.Select(m => new KeyValuePair<string, GateModule>(m.Key, m))]);
    }

    /// <summary>Grows with each change; −1 for <see cref="None"/>.</summary>
    public long Version { get; }

    /// <summary>When the server made this version, by its clock.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>The modules, in no particular order.</summary>
    public IReadOnlyList<GateModule> Modules => _modules;

    /// <summary>Makes a snapshot in code, as a server does.</summary>
    /// <param name="version">0 or more; the caller sees to it that one version never has two contents.</param>
    /// <param name="issuedAt">When it was made.</param>
    /// <param name="modules">At most 10,000, each key once.</param>
    /// <exception cref="ArgumentException">A rule is broken.</exception>
    public static GateSnapshot Of(long version, DateTimeOffset issuedAt, IEnumerable<GateModule> modules)
    {
        if (modules is null) throw new ArgumentNullException(nameof(modules));
        if (version is < 0 or > Reading.Limits.Version) throw new ArgumentOutOfRangeException(nameof(version));
        var snapshot = new GateSnapshot(version, issuedAt.ToUniversalTime(), modules.ToArray());
        if (snapshot._byKey.Count != snapshot._modules.Length) throw new ArgumentException("Each module key may be there once.", nameof(modules));
        if (snapshot._modules.Length > Reading.Limits.Modules) throw new ArgumentException($"At most {Reading.Limits.Modules} modules.", nameof(modules));
        return snapshot;
    }

    /// <summary>Reads a snapshot document; refuses it whole, with every error, if it breaks a rule. Never throws on bad input.</summary>
    /// <param name="utf8">The document.</param>
    public static SnapshotReading Read(byte[] utf8)
    {
        if (utf8 is null) throw new ArgumentNullException(nameof(utf8));
        return Reading.SnapshotReader.Read(utf8);
    }

#if NET
    /// <inheritdoc cref="Read(byte[])"/>
    public static SnapshotReading Read(ReadOnlySpan<byte> utf8) => Reading.SnapshotReader.Read(utf8.ToArray());
#endif

    /// <summary>The snapshot as a document (UTF-8 JSON, one line).</summary>
    public byte[] Write() => Writing.SnapshotWriter.Write(this);

    /// <summary>The module with this key, or null.</summary>
    /// <param name="module">The module's key.</param>
    public GateModule? Find(string? module) => module is null ? null : _byKey.Find(module);

    /// <summary>Decides. Allocates nothing and never throws.</summary>
    /// <param name="module">The module's key.</param>
    /// <param name="customer">The customer's id; null: nobody in particular, who has the default timeline.</param>
    /// <param name="user">The user's id; null or empty: nobody in particular, who closes last.</param>
    /// <param name="at">The instant, by the server's clock.</param>
    /// <param name="ifUnknown">What to answer when the module is not in the snapshot.</param>
    public GateDecision Decide(string? module, string? customer, string? user, DateTimeOffset at, GateState ifUnknown = GateState.Open)
    {
        var found = Find(module);
        var ticks = at.UtcTicks;
        if (found is null) return new GateDecision(ifUnknown, HasContent, ticks);
        var timeline = found.TimelineOf(customer);
        return new GateDecision(found, timeline, user, ticks, timeline.IndexAt(ticks, user, found.UserSeed));
    }

    /// <summary>Looks a module and customer up once, for paths that ask often.</summary>
    /// <param name="module">The module's key.</param>
    /// <param name="customer">The customer's id; null: nobody in particular.</param>
    /// <param name="ifUnknown">What the gate answers when the module is not in the snapshot.</param>
    public Gate For(string? module, string? customer, GateState ifUnknown = GateState.Open)
    {
        var found = Find(module);
        return found is null ? new Gate(ifUnknown, HasContent) : new Gate(found, found.TimelineOf(customer));
    }

    /// <summary>The same version as one customer may see it: with their timelines only, and no customer named.</summary>
    /// <param name="customer">The customer's id.</param>
    public GateSnapshot SeenBy(string? customer) =>
        new(Version, IssuedAt, [.. _modules.Select(m => m.SeenBy(customer))]);

    /// <summary>What this becomes by a delta. Repeats are harmless, gaps are noticed; this snapshot itself never changes.</summary>
    /// <param name="delta">A delta as read.</param>
    public DeltaApplication Apply(GateDelta delta)
    {
        if (delta is null) throw new ArgumentNullException(nameof(delta));
        return Changing.DeltaApplier.Apply(this, delta);
    }

    private bool HasContent => Version >= 0;
}
