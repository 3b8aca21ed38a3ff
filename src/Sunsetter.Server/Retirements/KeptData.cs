using System.Security.Cryptography;
using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>One kind of data that Sunsetter holds and can destroy for good. Each room that keeps such data has one.</summary>
internal interface IKeptData
{
    DataKind Kind { get; }

    /// <summary>Destroys it for these customers within the open transaction of the context; safe to repeat: what is gone counts nothing.</summary>
    Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel);
}

/// <param name="Count">Records that were destroyed.</param>
/// <param name="Sha256">Of what was destroyed, in the order of its keys; lower-case hexadecimal.</param>
internal sealed record Destroyed(long Count, string Sha256)
{
    /// <param name="records">Each record's text, in the order of its key.</param>
    public static Destroyed Of(IEnumerable<string> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        foreach (var record in records)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(record));
            count++;
        }
        return new Destroyed(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
