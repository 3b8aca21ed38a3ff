using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A certificate of deletion as it is handed over: what was destroyed, by which rule, and the fact that proves it.</summary>
/// <param name="Rule">Kept so many days, from when.</param>
/// <param name="KeptUntil">Last day of the retention that had ended last.</param>
/// <param name="ContentSha256">Of what was destroyed.</param>
/// <param name="ArchiveSha256">Of the archive in force then; empty where there was none.</param>
/// <param name="Fact">Place of the fact in the retirement's own stream.</param>
/// <param name="FactSha256">Its hash; it links every fact before it.</param>
/// <param name="Chain">Whether the stored chain up to now was whole when this was written.</param>
internal sealed record CertificateFile(
    string Format, Guid Id, RetirementId Retirement, ModuleKey Module, Text Title, DataKind Kind, long Count, ImmutableArray<CustomerKey> Customers, Text Rule, DateOnly? KeptUntil,
    DateTimeOffset DeletedAt, string DeletedBy, string ContentSha256, string ArchiveSha256, int Fact, string FactSha256, bool Chain);

/// <summary>Finds a certificate with the fact behind it.</summary>
internal sealed class Certificates(FactLog log, IDbContextFactory<SunsetterDb> databases, StoredChain chain)
{
    public const string Format = "sunsetter-deletion-certificate/1";

    public async Task<CertificateFile?> Find(RetirementId id, Guid certificate, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement || retirement.Closing.Deletions.FirstOrDefault(one => one.Id == certificate) is not { } deletion)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var facts = await db.Set<FactRow>().AsNoTracking().Where(fact => fact.Retirement == id && fact.Customer == "" && fact.Kind == "data.deleted").ToListAsync(cancel);
        var fact = facts.Single(fact => ((DataDeleted)FactKinds.Read(fact.Kind, fact.Body)).Id == certificate);
        return new CertificateFile(Format, certificate, id, retirement.Module, retirement.Title, deletion.Kind, deletion.Count, deletion.Customers, Rule(deletion), deletion.KeptUntil,
            deletion.At, deletion.By, deletion.ContentSha256, deletion.ArchiveSha256, fact.Version, Convert.ToHexStringLower(fact.Hash), (await chain.Check(id, cancel)).FirstFault is null);
    }

    private static Text Rule(DeletionCertificate deletion) => deletion.Kind == DataKind.Archives
        ? new($"kept {deletion.RetentionDays} days after the end of the retirement", $"退役完成后保留 {deletion.RetentionDays} 天")
        : new($"kept {deletion.RetentionDays} days after the customer was closed", $"客户下线后保留 {deletion.RetentionDays} 天");
}
