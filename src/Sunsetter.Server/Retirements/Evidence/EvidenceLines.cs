using System.Security.Cryptography;
using System.Text;

namespace Sunsetter.Server.Retirements;

/// <summary>Reads lines that end with a line feed and nothing else, hashing every byte that was read.</summary>
internal sealed class EvidenceLines(Stream file, int longest)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly MemoryStream line = new();
    private int at, filled;

    /// <summary>Number of the line last read, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the line last read ended with its line feed.</summary>
    public bool EndedCleanly { get; private set; } = true;

    /// <summary>SHA-256 of every line read so far.</summary>
    public byte[] Digest() => hash.GetCurrentHash();

    /// <summary>The next line without its end; null at the end of the file. A line that is too long or not UTF-8 reads as an empty one: no document is empty.</summary>
    public async Task<string?> Next(CancellationToken cancel)
    {
        line.SetLength(0);
        while (true)
        {
            if (at == filled)
            {
                filled = await file.ReadAsync(buffer, cancel);
                at = 0;
                if (filled == 0)
                    return line.Length == 0 ? null : Take(ended: false);
            }
            var end = buffer.AsSpan(at, filled - at).IndexOf((byte)'\n');
            var take = end < 0 ? filled - at : end + 1;
            if (line.Length <= longest)
                line.Write(buffer, at, take);
            at += take;
            if (end >= 0)
                return Take(ended: true);
        }
    }

    private string Take(bool ended)
    {
        Number++;
        EndedCleanly = ended;
        var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        hash.AppendData(bytes);
        if (line.Length > longest)
            return "";
        try
        {
            return Strict.GetString(ended ? bytes[..^1] : bytes);
        }
        catch (DecoderFallbackException)
        {
            return "";
        }
    }
}
