using System.Security.Cryptography;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a verification found.</summary>
/// <param name="Fault">The first thing that is wrong, in words that name it; null where the file is sound.</param>
/// <param name="FaultyLine">Its line in the file, from 1; 0 where the file is sound.</param>
/// <param name="Facts">How many facts were read and found sound.</param>
/// <param name="Fingerprint">Of the key that sealed it; empty where the header cannot be read.</param>
internal sealed record EvidenceVerdict(Text? Fault, int FaultyLine, int Facts, string Fingerprint, EvidenceHeader? Header);

/// <summary>Verifies an evidence file alone: no server, no network. Reads line by line, so that size does not matter.</summary>
internal static class EvidenceVerifier
{
    // A line holds one fact; the longest body is a notice's text. Longer is not ours.
    private const int LongestLine = 4 * 1024 * 1024;

    public static async Task<EvidenceVerdict> Verify(Stream file, CancellationToken cancel)
    {
        var lines = new EvidenceLines(file, LongestLine);
        var first = await lines.Next(cancel);
        var header = first is null ? null : EvidenceFile.Read<EvidenceHeader>(first);
        if (header is null || header.Format != EvidenceFile.Format || !IsKey(header.PublicKey))
            return new EvidenceVerdict(new Text("The first line is not the header of a Sunsetter evidence file, or it was changed.", "第一行不是 Sunsetter 存证文件的文件头，或已被改动。"), 1, 0, "", null);

        var fingerprint = EvidenceKey.Fingerprint(Convert.FromBase64String(header.PublicKey));
        var sound = 0;
        foreach (var stream in header.Streams)
        {
            var previous = FactChain.Start;
            for (var version = 1; version <= stream.Facts; version++)
            {
                var line = await lines.Next(cancel);
                if (line is null)
                    return Faulty(Named(stream, version, new Text("is missing: the file was cut", "缺失：文件被截断")));
                if (EvidenceFile.Read<EvidenceFact>(line) is not { } fact)
                    return Faulty(Named(stream, version, new Text("cannot be read: its line was changed", "无法读取：该行已被改动")));
                if (fact.Customer != stream.Customer || fact.Version != version)
                    return Faulty(Named(stream, version, new Text("is not where it belongs: a fact was removed, added or moved", "不在其应有的位置：有记录被删除、添加或移动")));
                var link = FactChain.Link(previous, header.Retirement.ToString(), fact.Customer, fact.Version, fact.Kind, fact.At, fact.By, fact.Body);
                if (Convert.ToHexStringLower(link) != fact.Hash)
                    return Faulty(Named(stream, version, new Text($"({fact.Kind}) does not match its hash: it, or a fact before it, was changed", $"（{fact.Kind}）与其哈希不符：该记录或之前的记录已被改动")));
                previous = link;
                sound++;
            }
            if (Convert.ToHexStringLower(previous) != stream.Head)
                return Faulty(new Text($"{Subject(stream).En} does not end where the header says.", $"{Subject(stream).Zh}的末尾与文件头不符。"));
        }

        var digest = lines.Digest();
        if (await lines.Next(cancel) is not { } last || EvidenceFile.Read<EvidenceSeal>(last) is not { } seal)
            return Faulty(new Text("The seal is missing or was changed: facts may have been added behind the last one.", "封印缺失或已被改动：末尾之后可能被添加了内容。"));
        if (seal.Sha256 != Convert.ToHexStringLower(digest) || !Signed(header, seal, digest))
            return Faulty(new Text("The seal does not fit: the file was changed after it was sealed.", "封印不符：文件在封存后被改动。"));
        if (!lines.EndedCleanly || await lines.Next(cancel) is not null)
            return Faulty(new Text("Something follows the seal, or its line has no end.", "封印之后还有内容，或末行不完整。"));
        return new EvidenceVerdict(null, 0, sound, fingerprint, header);

        EvidenceVerdict Faulty(Text fault) => new(fault, Math.Max(1, lines.Number), sound, fingerprint, header);
    }

    private static bool IsKey(string? publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey ?? ""), out _);
            return key.KeySize == 256;
        }
        // An unknown curve is "not supported" rather than malformed.
        catch (Exception notAKey) when (notAKey is FormatException or CryptographicException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool Signed(EvidenceHeader header, EvidenceSeal seal, byte[] digest)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(header.PublicKey), out _);
        var signature = new byte[64];
        return Convert.TryFromBase64String(seal.Signature, signature, out var length) && length == 64
            && key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static Text Named(EvidenceStream stream, int version, Text fault) =>
        new($"Fact {version} of {Subject(stream).En} {fault.En}.", $"{Subject(stream).Zh}的第 {version} 条记录{fault.Zh}。");

    private static Text Subject(EvidenceStream stream) =>
        stream.Customer.Length == 0 ? new Text("the retirement", "本次退役") : new Text($"customer “{stream.Customer}”", $"客户“{stream.Customer}”");
}
