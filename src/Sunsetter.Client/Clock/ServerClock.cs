namespace Sunsetter.Client.Clock;

/// <summary>
/// The server's time, on a machine whose own clock may be wrong. Runs on the monotonic timer, so that a step of the local
/// clock changes nothing once the server has been heard.
/// </summary>
internal sealed class ServerClock
{
    /// <summary>A quartz drifts less than this; an old reading loses its worth at this rate.</summary>
    private const double DriftPerSecond = 50e-6;

    private static readonly long Slack = TimeSpan.FromMilliseconds(100).Ticks;
    private static readonly long Suspicious = TimeSpan.FromSeconds(1).Ticks;
    private static readonly long Unknown = TimeSpan.FromSeconds(2).Ticks;

    // What lies outside is no time but rubbish, and would carry what is computed from it over the ends of the calendar.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider _local;
    private readonly long _start;
    private readonly Lock _lock = new();

    // The server's time when the monotonic timer stood at the start; all in ticks of 100 ns.
    private long _base;
    private long _error;
    private long _readAt;
    private bool _heard;

    // How far the wall clock was ahead of the monotonic timer when last compared.
    private long _ahead;

    public ServerClock(TimeProvider local, TimeSpan lastKnownOffset)
    {
        _local = local;
        _start = local.GetTimestamp();
        _base = Math.Clamp(local.GetUtcNow().UtcTicks + lastKnownOffset.Ticks, Earliest.UtcTicks, Latest.UtcTicks);
        _ahead = Ahead();
    }

    /// <summary>The best estimate of the server's time.</summary>
    public DateTimeOffset Now => new(Volatile.Read(ref _base) + Elapsed(), TimeSpan.Zero);

    /// <summary>How far the server's clock is ahead of this machine's.</summary>
    public TimeSpan Offset => Now - _local.GetUtcNow();

    /// <summary>Whether the server has been heard since the start.</summary>
    public bool Heard { get { lock (_lock) return _heard; } }

    /// <summary>By how much <see cref="Now"/> may be wrong, as far as round trips have shown.</summary>
    public TimeSpan Error { get { lock (_lock) return new TimeSpan(_error + (long)((Elapsed() - _readAt) * DriftPerSecond)); } }

    /// <summary>
    /// Compares the wall clock with the monotonic timer, which stands still while a machine sleeps. A jump ahead is taken for a sleep until the server says otherwise;
    /// one back is somebody who set the clock, and changes nothing.
    /// </summary>
    /// <returns>True when the machine seems to have slept: only a round trip can tell.</returns>
    public bool HasSlept()
    {
        lock (_lock)
        {
            var (ahead, before) = (Ahead(), _ahead);
            _ahead = ahead;
            if (ahead - before <= Suspicious) return false;
            Volatile.Write(ref _base, Math.Clamp(_base + (ahead - before), Earliest.UtcTicks, Latest.UtcTicks));
            (_error, _readAt) = (Unknown, Elapsed());
            return true;
        }
    }

    public long Timestamp() => _local.GetTimestamp();

    /// <summary>Takes the time carried by a message that was sent some unknown moment ago: it can only be late, never early.</summary>
    /// <returns>False when it is so far behind that only a round trip can tell a late message from a clock set back.</returns>
    public bool HeardInMessage(DateTimeOffset serverTime)
    {
        if (!IsTime(serverTime)) return true;
        var reading = serverTime.UtcTicks - Elapsed();
        lock (_lock)
        {
            if (!_heard || reading > _base + Suspicious) Take(reading, Unknown);
            else if (reading > _base) Volatile.Write(ref _base, reading);
            return reading >= _base - Suspicious;
        }
    }

    /// <summary>Takes the time carried by the answer to a request sent at <paramref name="sent"/> (a <see cref="Timestamp"/>).</summary>
    public void HeardInAnswer(DateTimeOffset serverTime, long sent)
    {
        if (!IsTime(serverTime)) return;
        // The server spoke somewhere between sending and receiving: the middle is off by half the way at most.
        var half = _local.GetElapsedTime(sent).Ticks / 2;
        var reading = serverTime.UtcTicks - (Elapsed() - half);
        lock (_lock)
        {
            var kept = _error + (long)((Elapsed() - _readAt) * DriftPerSecond);
            var contradicted = Math.Abs(reading - _base) > half + kept + Slack;
            if (!_heard || half <= kept || contradicted) Take(reading, half);
        }
    }

    private static bool IsTime(DateTimeOffset time) => time >= Earliest && time < Latest;

    private long Ahead() => _local.GetUtcNow().UtcTicks - Elapsed();

    private long Elapsed() => _local.GetElapsedTime(_start).Ticks;

    private void Take(long reading, long error)
    {
        _heard = true;
        _error = error;
        _readAt = Elapsed();
        Volatile.Write(ref _base, reading);
    }
}
