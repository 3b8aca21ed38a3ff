using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sunsetter.Client.Snapshots;

/// <summary>Finds the folder where this application keeps its state, or nothing where no disk can be written.</summary>
internal static class StateDirectory
{
    public static string? Find(SunsetterOptions options, TimeProvider time, ILogger log)
    {
        var directory = options.StateDirectory ?? Default(options);
        if (directory is null) return null;
        try
        {
            var probe = Path.Combine(directory, "probe");
            PrivateFile.Write(probe, "ok"u8);
            File.Delete(probe);
            var hourAgo = time.GetUtcNow().AddHours(-1);
            PrivateFile.RemoveUnfinished(directory, hourAgo);
            PrivateFile.RemoveUnfinished(Path.Combine(directory, SunsetterClient.OutboxFolder), hourAgo);
            return directory;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.NoDisk(directory, problem);
            return null;
        }
    }

    internal static string? Default(SunsetterOptions options)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) return null;
        // One folder per server and application: two workspaces never read each other's snapshot. Not per key: one that is rotated leaves nothing behind.
        var which = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Server} {AppDomain.CurrentDomain.FriendlyName}"));
        return Path.Combine(home, "sunsetter", Convert.ToHexStringLower(which.AsSpan(0, 8)));
    }
}
