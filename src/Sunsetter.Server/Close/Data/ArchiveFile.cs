using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A stored archive. It lies in the database, so that every node can read it and its backup holds it.</summary>
internal sealed class ArchiveFileRow
{
    public required Guid Id { get; init; }
    public required RetirementId Retirement { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public required string Sha256 { get; init; }
    public required byte[] Content { get; init; }
}

internal sealed class CloseTables : IStoredTables
{
    public static void Configure(ModelBuilder model) => model.Entity<ArchiveFileRow>().HasKey(file => file.Id);
}
