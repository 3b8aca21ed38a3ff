namespace Sunsetter.Server.Usage;

/// <summary>What all modules together show at a glance, kept while nothing was written. Where the sweep is costly, use that arrived meanwhile is shown a few minutes late.</summary>
internal sealed class KeptGlances(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Costly = TimeSpan.FromMilliseconds(250), Late = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1);
    private (DateOnly Until, int Weeks, long Stamp, DateTimeOffset At, bool WasCostly, IReadOnlyDictionary<int, ModuleSeen> Seen)? kept;

    /// <param name="stamp">Grows with every write.</param>
    public async Task<IReadOnlyDictionary<int, ModuleSeen>> Of(DateOnly until, int weeks, long stamp, Func<Task<Dictionary<int, ModuleSeen>>> sweep, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (kept is { } before && before.Until == until && before.Weeks == weeks && (before.Stamp == stamp || before.WasCostly && clock.GetUtcNow() - before.At < Late))
                return before.Seen;
            var started = clock.GetTimestamp();
            var seen = await sweep();
            kept = (until, weeks, stamp, clock.GetUtcNow(), clock.GetElapsedTime(started) > Costly, seen);
            return seen;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}

/// <summary>A module's users, those of each customer counted apart.</summary>
/// <param name="Weekly">Oldest week first.</param>
/// <param name="Month">Of the last four weeks; <paramref name="Before"/> of the four before.</param>
/// <param name="Customers">With use in the last four weeks.</param>
/// <param name="LastDay">-1: no use in the stretch.</param>
internal sealed record ModuleSeen(IReadOnlyList<long> Weekly, long Month, long Before, int Customers, int LastDay);
