using System.Collections.Concurrent;

namespace Sunsetter.Server.Usage;

/// <summary>Answers that take a sweep of what is stored, kept while nothing was written. Where a question allows it and its sweep is costly, use that arrived meanwhile is shown up to a minute late.</summary>
internal sealed class KeptAnswers(TimeProvider clock) : IDisposable
{
    private const int Most = 200;

    private static readonly TimeSpan Costly = TimeSpan.FromMilliseconds(50), Late = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<object, Kept> kept = [];

    /// <param name="question">With all that it asks for, so that equal questions have equal answers.</param>
    /// <param name="stamp">Grows with every write.</param>
    /// <param name="mayBeLate">No rule that may refuse rests on it.</param>
    public async Task<T> Of<T>(object question, long stamp, bool mayBeLate, Func<Task<T>> ask, CancellationToken cancel) where T : class
    {
        if (kept.Count >= Most)
            kept.Clear();
        var own = kept.GetOrAdd(question, _ => new Kept());
        // Who asks the same at the same time waits for one sweep.
        await own.Turn.WaitAsync(cancel);
        try
        {
            if (own.Answer is T before && (own.Stamp == stamp || mayBeLate && own.WasCostly && clock.GetUtcNow() - own.At < Late))
                return before;
            var (started, at) = (clock.GetTimestamp(), clock.GetUtcNow());
            var answer = await ask();
            (own.Answer, own.Stamp, own.At, own.WasCostly) = (answer, stamp, at, clock.GetElapsedTime(started) > Costly);
            return answer;
        }
        finally
        {
            own.Turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var one in kept.Values)
            one.Dispose();
    }

    private sealed class Kept : IDisposable
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public object? Answer { get; set; }
        public long Stamp { get; set; }
        public DateTimeOffset At { get; set; }
        public bool WasCostly { get; set; }

        public void Dispose() => Turn.Dispose();
    }
}
