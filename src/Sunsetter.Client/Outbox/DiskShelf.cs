using System.Text;
using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Outbox;

/// <summary>One file per entry, named by its time-ordered id; the first line is the path, the rest the body.</summary>
/// <remarks>Two processes may share a directory: the server counts an entry once, whoever sends it.</remarks>
internal sealed class DiskShelf(string directory) : IShelf
{
    private const string Suffix = ".out";

    public long Bytes => Files().Sum(file => Length(file));

    public IReadOnlyList<Guid> Waiting()
    {
        var ids = new List<Guid>();
        foreach (var file in Files().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (Guid.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var id)) ids.Add(id);
        }
        return ids;
    }

    public void Put(OutboxEntry entry)
    {
        var path = Encoding.UTF8.GetBytes(entry.Path + "\n");
        PrivateFile.Write(FileOf(entry.Id), [.. path, .. entry.Body]);
    }

    public OutboxEntry? Take(Guid id)
    {
        byte[] bytes;
        try { bytes = File.ReadAllBytes(FileOf(id)); }
        catch (FileNotFoundException) { return null; }
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        if (end > 0) return new OutboxEntry(id, Encoding.UTF8.GetString(bytes, 0, end), bytes[(end + 1)..]);
        Remove(id);
        return null;
    }

    public void Remove(Guid id) => File.Delete(FileOf(id));

    private string FileOf(Guid id) => Path.Combine(directory, id + Suffix);

    private FileInfo[] Files()
    {
        var folder = new DirectoryInfo(directory);
        return folder.Exists ? folder.GetFiles("*" + Suffix) : [];
    }

    private static long Length(FileInfo file)
    {
        // Another process may have sent and removed it since the listing.
        try { return file.Length; }
        catch (FileNotFoundException) { return 0; }
    }
}
