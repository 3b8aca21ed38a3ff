using Microsoft.Extensions.Logging;
using Sunsetter.Client.Clock;

namespace Sunsetter.Client.Snapshots;

/// <summary>The last good snapshot on disk: the first answer after a restart needs no network.</summary>
internal sealed class SnapshotFile(string directory, SnapshotHolder held, ServerClock clock, TimeProvider time, ILogger log)
{
    /// <summary>Many changes in a row are written once.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(directory, "snapshot.json");
    private readonly Lock _writing = new();
    private long _written = -1;

    public void Load()
    {
        try
        {
            if (!File.Exists(_path)) return;
            if (held.Replace(File.ReadAllBytes(_path), "disk")) _written = held.Version ?? -1;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.StoredSnapshotUnreadable(problem);
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var seen = held.Version;
            Save();
            await held.WaitForChangeAsync(seen, TimeSpan.FromMinutes(10), cancel);
            await Task.Delay(Pace, time, cancel);
        }
    }

    public void Save()
    {
        lock (_writing)
        {
            var snapshot = held.Snapshot;
            try
            {
                if (clock.Heard) StoredOffset.Write(directory, clock.Offset);
                if (snapshot.Version < 0 || snapshot.Version == _written) return;
                PrivateFile.Write(_path, snapshot.Write());
                _written = snapshot.Version;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                log.SnapshotNotStored(problem);
            }
        }
    }
}
