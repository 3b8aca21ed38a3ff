namespace Sunsetter.Server.Gates;

/// <summary>A key of an application. The key itself is kept encrypted: it signs the contexts of browsers.</summary>
internal sealed class EdgeKeyRow
{
    public required string Kid { get; init; }
    public required EdgeKeyKind Kind { get; init; }
    public required string Name { get; init; }
    public required byte[] Hash { get; init; }
    public required string ProtectedKey { get; init; }

    /// <summary>Space-separated, see <see cref="EdgeScopes"/>.</summary>
    public required string Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    public bool UsableAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>Which version one process of an application obeys.</summary>
internal sealed class GateReceiptRow
{
    public required string Instance { get; init; }
    public required long Version { get; set; }

    /// <summary>When it began to, by its corrected clock.</summary>
    public DateTimeOffset? ObeyedAt { get; set; }
    public required DateTimeOffset SeenAt { get; set; }
    public required string Client { get; set; }
    public long? ClockOffsetMs { get; set; }
    public required string KeyName { get; set; }
}

/// <summary>How long after a restore one instance had the module open again.</summary>
internal sealed class GateOpeningRow
{
    public required long Position { get; init; }
    public required string Instance { get; init; }
    public required long Millis { get; init; }
}

/// <summary>A change that applications must hear of.</summary>
internal sealed class GateChangeRow
{
    public required long Position { get; init; }
    public required string Retirement { get; init; }
    public required string Customers { get; init; }
    public required int Restores { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A restore drill: the shadow module was closed and opened again.</summary>
internal sealed class GateDrillRow
{
    public required Guid Id { get; init; }
    public required string StartedBy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public long ClosedPosition { get; set; }
    public DateTimeOffset? OpenedAt { get; set; }
    public long? OpenedPosition { get; set; }
    public int? Instances { get; set; }
    public long? SlowestMs { get; set; }
    public int? Missing { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}
