using System.Text.RegularExpressions;

namespace Sunsetter.Client.Snapshots;

/// <summary>Files that only this account may read (they name customers and users), replaced whole or not at all.</summary>
internal static partial class PrivateFile
{
    // The folder may be one that other programs use.
    [GeneratedRegex("^(snapshot\\.json|clock-offset-ms|probe|[0-9a-f-]{36}\\.out)\\.[0-9a-f]{32}\\.tmp$")]
    private static partial Regex Ours();

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var unfinished = $"{path}.{Guid.CreateVersion7():N}.tmp";
        try
        {
            using (var stream = new FileStream(unfinished, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk: half a file a minute would keep it full.
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>What a process that was killed in the middle of writing has left behind.</summary>
    public static void RemoveUnfinished(string directory, DateTimeOffset before)
    {
        var folder = new DirectoryInfo(directory);
        foreach (var file in folder.Exists ? folder.EnumerateFiles("*.tmp") : [])
            if (Ours().IsMatch(file.Name) && file.LastWriteTimeUtc < before.UtcDateTime) file.Delete();
    }
}
