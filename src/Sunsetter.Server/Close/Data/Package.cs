using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Close;

/// <summary>A zip of text files with a manifest: name, length and SHA-256 of each, so that anybody can check it with ordinary tools.</summary>
internal static class Package
{
    private const string Manifest = "manifest.json";

    internal sealed record FileLine(string Name, long Bytes, string Sha256);

    internal sealed record ManifestText(string What, DateTimeOffset MadeAt, string MadeBy, IReadOnlyList<FileLine> Files);

    public static byte[] Make(string what, DateTimeOffset at, string by, IReadOnlyList<(string Name, string Text)> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var lines = new List<FileLine>();
            foreach (var (name, text) in files)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                lines.Add(new FileLine(name, bytes.Length, Sha256(bytes)));
                Add(zip, name, bytes, at);
            }
            Add(zip, Manifest, JsonSerializer.SerializeToUtf8Bytes(new ManifestText(what, at, by, lines), new JsonSerializerOptions(Json.Stored) { WriteIndented = true }), at);
        }
        return buffer.ToArray();
    }

    /// <summary>The same, written as it is made: nothing but one file's text lies in memory.</summary>
    public static async Task Write(Stream to, string what, DateTimeOffset at, string by, IAsyncEnumerable<(string Name, string Text)> files, CancellationToken cancel)
    {
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        var lines = new List<FileLine>();
        await foreach (var (name, text) in files.WithCancellation(cancel))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            lines.Add(new FileLine(name, bytes.Length, Sha256(bytes)));
            await Add(zip, name, bytes, at, cancel);
        }
        await Add(zip, Manifest, JsonSerializer.SerializeToUtf8Bytes(new ManifestText(what, at, by, lines), new JsonSerializerOptions(Json.Stored) { WriteIndented = true }), at, cancel);
    }

    /// <summary>Reads it again; the name of the first file that is missing or differs, null where all is well.</summary>
    public static string? FirstBad(byte[] content)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            if (zip.GetEntry(Manifest) is not { } manifest || JsonSerializer.Deserialize<ManifestText>(Read(manifest), Json.Stored) is not { } expected)
                return Manifest;
            foreach (var line in expected.Files)
                if (zip.GetEntry(line.Name) is not { } entry || Sha256(Read(entry)) != line.Sha256)
                    return line.Name;
            return zip.Entries.Count == expected.Files.Count + 1 ? null : zip.Entries.First(entry => entry.Name != Manifest && expected.Files.All(line => line.Name != entry.Name)).Name;
        }
        catch (Exception broken) when (broken is InvalidDataException or JsonException)
        {
            return Manifest;
        }
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static async Task Add(ZipArchive zip, string name, byte[] bytes, DateTimeOffset at, CancellationToken cancel)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = at;
        await using var stream = await entry.OpenAsync(cancel);
        await stream.WriteAsync(bytes, cancel);
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes, DateTimeOffset at)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = at;
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
