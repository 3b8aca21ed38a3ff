using Sunsetter.Client.Clock;
using Sunsetter.Client.Live;
using Sunsetter.Client.Outbox;

namespace Sunsetter.Client.Usage;

/// <summary>Cuts what was counted into batches and sees them to the server, however long that takes.</summary>
internal sealed class UsageSender(
    UseCounter counter, Outbox.Outbox outbox, ServerConnection server, ServerClock clock, TimeProvider time, TimeSpan interval, Func<double> chance)
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Backoff _backoff = new(chance);
    private long _aliveOn, _triedIn;

    public async Task RunAsync(CancellationToken cancel)
    {
        // Not all instances of an application send in the same second.
        var wait = interval * (0.5 + 0.5 * chance());
        while (!cancel.IsCancellationRequested)
        {
            await WaitAsync(wait, cancel);
            Cut();
            var outcome = await outbox.SendAllAsync(server, cancel);
            if (outcome.Kind == SendKind.Done) await SayAliveAsync(cancel);
            if (outcome.Kind == SendKind.Later)
            {
                var pause = _backoff.Next();
                wait = Max(interval, outcome.RetryAfter ?? TimeSpan.Zero) + pause;
            }
            else
            {
                _backoff.Reset();
                wait = interval;
            }
        }
    }

    /// <summary>Sends soon, for something a person waits for.</summary>
    public void Hurry()
    {
        try { _wake.Release(); }
        catch (SemaphoreFullException) { /* already hurrying */ }
    }

    public void Cut()
    {
        foreach (var batch in UsageBatch.From(counter.Cut(), clock.Now))
            outbox.Put(new OutboxEntry(batch.Batch, UsageBatch.Path, batch.ToJson()));
    }

    /// <summary>
    /// Nothing to count is something to say: an empty batch tells use that nobody made from use that nobody reported. Once a day by UTC, when all that was counted
    /// has arrived; tried by the hour until the server has it.
    /// </summary>
    private async Task SayAliveAsync(CancellationToken cancel)
    {
        var hour = clock.Now.UtcTicks / TimeSpan.TicksPerHour;
        if (hour / 24 == _aliveOn || hour == _triedIn) return;
        _triedIn = hour;
        var nothing = new UsageBatch(Guid.CreateVersion7(clock.Now), []);
        if ((await server.PostAsync(new OutboxEntry(nothing.Batch, UsageBatch.Path, nothing.ToJson()), cancel)).Kind == SendKind.Done) _aliveOn = hour / 24;
    }

    private async Task WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try { await _wake.WaitAsync(either.Token); }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { /* the interval is over */ }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
