using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Archive files, as data that can be destroyed.</summary>
internal sealed class ArchiveData : IKeptData
{
    public DataKind Kind => DataKind.Archives;

    public async Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var hashes = await db.Set<ArchiveFileRow>().Where(file => file.Retirement == retirement.Id).OrderBy(file => file.Id).Select(file => file.Sha256).ToListAsync(cancel);
        await db.Set<ArchiveFileRow>().Where(file => file.Retirement == retirement.Id).ExecuteDeleteAsync(cancel);
        return new Destroyed(hashes.Count, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(hashes.Select(hash => hash + "\n"))))));
    }
}
