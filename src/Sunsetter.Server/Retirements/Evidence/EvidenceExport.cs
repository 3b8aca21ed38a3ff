using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Writes every fact of a retirement as one file that anybody can verify offline.</summary>
internal sealed class EvidenceExport(IDbContextFactory<SunsetterDb> databases, Settings settings, TimeProvider clock)
{
    /// <summary>False where there is no such retirement; then nothing was written.</summary>
    public async Task<bool> Write(RetirementId id, string by, Stream to, CancellationToken cancel)
    {
        using var key = await EvidenceKey.Of(settings, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        // One snapshot for header and facts: what is appended meanwhile belongs to the next export. It lasts as long as the client reads.
        await using var transaction = await db.OneMoment(cancel);
        var row = await db.Set<RetirementRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel);
        if (row is null)
            return false;

        var state = States.Read<Retirement>(row.State);
        var entries = await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == id).OrderBy(entry => entry.Customer)
            .Select(entry => new { entry.Customer, entry.Version, entry.Head }).ToListAsync(cancel);
        var header = new EvidenceHeader(
            EvidenceFile.Format, id, state.Title.En, clock.GetUtcNow(), by,
            [new EvidenceStream("", row.Version, Convert.ToHexStringLower(row.Head)), .. entries.Select(entry => new EvidenceStream(entry.Customer.Value, entry.Version, Convert.ToHexStringLower(entry.Head)))],
            Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await WriteLine(EvidenceFile.Line(header));
        foreach (var stream in header.Streams)
        {
            var facts = db.Set<FactRow>().AsNoTracking().Where(fact => fact.Retirement == id && fact.Customer == stream.Customer).OrderBy(fact => fact.Version);
            await foreach (var fact in facts.AsAsyncEnumerable().WithCancellation(cancel))
                await WriteLine(EvidenceFile.Line(new EvidenceFact(
                    fact.Customer, fact.Version, fact.Kind, fact.At.ToUnixTimeMilliseconds(), fact.By, fact.Body, Convert.ToHexStringLower(fact.Hash))));
        }
        var digest = hash.GetHashAndReset();
        await WriteLine(EvidenceFile.Line(new EvidenceSeal(Convert.ToHexStringLower(digest), Convert.ToBase64String(key.SignHash(digest)))));
        return true;

        async Task WriteLine(string line)
        {
            var bytes = Encoding.UTF8.GetBytes(line + "\n");
            hash.AppendData(bytes);
            await to.WriteAsync(bytes, cancel);
        }
    }
}
