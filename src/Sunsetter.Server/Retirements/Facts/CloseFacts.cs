using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

// Stage 4: what is kept, given back, held and deleted (C2). Confirming, closing and restoring stand with the course and the entry.

/// <summary>Somebody has checked that the module's own data can be brought back from its backup.</summary>
/// <param name="Evidence">What was restored where, with which result.</param>
[StoredAs("backup.verified")]
internal sealed record BackupVerified(string Evidence, string? Link) : RetirementFact;

/// <summary>Everything Sunsetter holds for this retirement lies in one file.</summary>
/// <param name="Sha256">Of the file, lower-case hexadecimal.</param>
[StoredAs("archive.made")]
internal sealed record ArchiveMade(Guid Id, string Sha256, long Bytes, int Files) : RetirementFact;

/// <summary>The stored file was read again: every part matched its checksum.</summary>
[StoredAs("archive.verified")]
internal sealed record ArchiveVerified(Guid Id, string Sha256) : RetirementFact;

/// <summary>Nothing of this retirement, or of one customer, may be deleted while it lasts.</summary>
[StoredAs("hold.placed")]
internal sealed record LegalHoldPlaced(Guid Id, CustomerKey? Customer, string Reason) : RetirementFact;

[StoredAs("hold.lifted")]
internal sealed record LegalHoldLifted(Guid Id, string Reason) : RetirementFact;

/// <summary>Data was deleted when its retention had ended; the certificate says what and how much.</summary>
/// <param name="Count">Records that were destroyed.</param>
/// <param name="KeptUntil">Last day of the retention that had ended last.</param>
/// <param name="ContentSha256">Of what was destroyed as it was last stored, lower-case hexadecimal.</param>
/// <param name="ArchiveSha256">Of the archive in force then; empty where there was none.</param>
[StoredAs("data.deleted")]
internal sealed record DataDeleted(Guid Id, DataKind Kind, long Count, DateOnly? KeptUntil, string ContentSha256, string ArchiveSha256) : RetirementFact
{
    /// <summary>Whose data; empty where it belonged to nobody alone.</summary>
    public ImmutableArray<CustomerKey> Customers { get; init; } = [];

    /// <summary>The rule: kept so many days.</summary>
    public int RetentionDays { get; init; }
}

/// <param name="Contact">Who may fetch it.</param>
[StoredAs("entry.export-requested")]
internal sealed record ExportRequested(Guid Id, string Contact) : EntryFact;

[StoredAs("entry.export-fetched")]
internal sealed record ExportFetched(Guid Id, long Bytes, string Sha256) : EntryFact;
