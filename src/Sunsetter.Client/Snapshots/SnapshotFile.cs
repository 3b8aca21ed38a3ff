using Microsoft.Extensions.Logging;
using Sunsetter.Client.Clock;
using Sunsetter.Gates;

namespace Sunsetter.Client.Snapshots;

/// <summary>The last good snapshot on disk: the first answer after a restart needs no network.</summary>
internal sealed class SnapshotFile(string directory, SnapshotHolder held, ServerClock clock, TimeProvider time, ILogger log)
{
    /// <summary>Many changes in a row are written once.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(directory, "snapshot.json");
    private readonly Lock _writing = new();
    private GateSnapshot? _written;

    public void Load()
    {
        try
        {
            if (!File.Exists(_path)) return;
            if (held.Replace(File.ReadAllBytes(_path), "disk")) _written = held.Snapshot;
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
                if (snapshot.Version < 0 || ReferenceEquals(snapshot, _written)) return;
                PrivateFile.Write(_path, snapshot.Write());
                _written = snapshot;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                log.SnapshotNotStored(problem);
            }
        }
    }
}
