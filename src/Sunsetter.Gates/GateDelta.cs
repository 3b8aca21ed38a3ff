namespace Sunsetter.Gates;

/// <summary>The difference between two versions of a snapshot. Immutable.</summary>
public sealed class GateDelta
{
    internal GateDelta(long basis, long version, DateTimeOffset issuedAt, List<Changing.ModulePatch> patches, List<string> removed)
    {
        Base = basis;
        Version = version;
        IssuedAt = issuedAt;
        Patches = patches;
        RemovedKeys = removed;
    }

    /// <summary>The version it applies to.</summary>
    public long Base { get; }

    /// <summary>The version it leads to.</summary>
    public long Version { get; }

    /// <summary>When that version was made.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>The keys of modules that are changed or added.</summary>
    public IEnumerable<string> ChangedModules => Patches.Select(p => p.Key);

    /// <summary>The keys of modules that are removed.</summary>
    public IReadOnlyList<string> RemovedModules => RemovedKeys;

    /// <summary>Whether nothing but the version changes.</summary>
    public bool IsEmpty => Patches.Count == 0 && RemovedKeys.Count == 0;

    internal List<Changing.ModulePatch> Patches { get; }

    internal List<string> RemovedKeys { get; }

    /// <summary>Reads a delta document; refuses it whole, with every error, if it breaks a rule. Never throws on bad input.</summary>
    /// <param name="utf8">The document.</param>
    public static DeltaReading Read(byte[] utf8)
    {
        if (utf8 is null) throw new ArgumentNullException(nameof(utf8));
        return Reading.DeltaReader.Read(utf8);
    }

#if NET
    /// <inheritdoc cref="Read(byte[])"/>
    public static DeltaReading Read(ReadOnlySpan<byte> utf8) => Reading.DeltaReader.Read(utf8.ToArray());
#endif

    /// <summary>The smallest delta that makes <paramref name="to"/> of <paramref name="from"/>.</summary>
    /// <param name="from">The older snapshot.</param>
    /// <param name="to">The newer snapshot.</param>
    /// <exception cref="ArgumentException"><paramref name="to"/> is not newer.</exception>
    public static GateDelta Between(GateSnapshot from, GateSnapshot to)
    {
        if (from is null) throw new ArgumentNullException(nameof(from));
        if (to is null) throw new ArgumentNullException(nameof(to));
        if (to.Version <= from.Version) throw new ArgumentException("The second snapshot must be newer than the first.", nameof(to));
        return Changing.DeltaBuilder.Between(from, to);
    }

    /// <summary>The delta as a document (UTF-8 JSON, one line).</summary>
    public byte[] Write() => Writing.SnapshotWriter.Write(this);
}
