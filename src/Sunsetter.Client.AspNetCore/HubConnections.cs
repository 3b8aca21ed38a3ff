using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Sunsetter.Client.AspNetCore;

/// <summary>
/// Ends the connections to a hub at the instant its module closes: a hub that only pushes is never called, so nothing else would. The protocol has no word for why a server
/// hangs up on a connection in peace, so the last message to it says so.
/// </summary>
internal sealed class HubConnections : IDisposable
{
    /// <summary>The client's method that is told why: its one argument is what a refused request is answered.</summary>
    internal const string LastWord = "moduleClosed";

    /// <summary>Whoever does not read is hung up on without having heard.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Who stays connected uses the module on each of these days.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1), Noticeable = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly SunsetterClient _client;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _watch;
    private TimeSpan _ahead;

    public HubConnections(SunsetterClient client, IServiceProvider services)
    {
        _client = client;
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        client.Changed += LookAtAll;
        (_start, _ahead) = (_time.GetTimestamp(), _client.Now - DateTimeOffset.UnixEpoch);
        _watch = _time.CreateTimer(_ => WatchClock(), null, Often, Often);
    }

    /// <summary>Holds a connection that was let in.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="line">What is said to it alone.</param>
    /// <param name="caller">Who it is.</param>
    /// <param name="language">In which they read.</param>
    /// <param name="modules">What it needs.</param>
    public void Add(HubCallerContext connection, IClientProxy line, Caller caller, string language, string[] modules)
    {
        var held = new Held(connection, line, caller, language, modules) { CountedAt = _client.Now };
        held.Timer = _time.CreateTimer(_ => Look(held), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _held[connection.ConnectionId] = held;
        Look(held);
    }

    public void Remove(string id)
    {
        if (_held.TryRemove(id, out var held)) held.Timer?.Dispose();
    }

    public void Dispose()
    {
        _client.Changed -= LookAtAll;
        _watch.Dispose();
        foreach (var id in _held.Keys) Remove(id);
    }

    private void LookAtAll(object? sender, EventArgs told)
    {
        foreach (var held in _held.Values) Look(held);
    }

    /// <summary>The timers run by the time that passes here. Where the clock is set, or the machine has slept, they are set anew.</summary>
    private void WatchClock()
    {
        var ahead = _client.Now - DateTimeOffset.UnixEpoch - _time.GetElapsedTime(_start);
        if ((ahead - _ahead).Duration() < Noticeable) return;
        _ahead = ahead;
        LookAtAll(this, EventArgs.Empty);
    }

    private void Look(Held held)
    {
        var next = Day;
        var counts = _client.Now - held.CountedAt >= Day;
        if (counts) held.CountedAt = _client.Now;
        foreach (var module in held.Modules)
        {
            var decision = counts ? _client.Use(module, held.Caller.Customer, held.Caller.User) : _client.Ask(module, held.Caller.Customer, held.Caller.User);
            if (!decision.IsOpen)
            {
                if (held.BeginsToEnd()) _ = End(held, GoneProblem.Message(decision, module, held.Language));
                return;
            }
            // A timer that is early by a hair looks again at once.
            if (decision.ValidUntil is { } until && until - decision.At < next) next = Max(until - decision.At, TimeSpan.FromMilliseconds(1));
        }
        held.Timer?.Change(next, Timeout.InfiniteTimeSpan);
    }

    private async Task End(Held held, Dictionary<string, object?> why)
    {
        try
        {
            await held.Line.SendCoreAsync(LastWord, [why]).WaitAsync(Patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            held.Connection.Abort();
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Held(HubCallerContext connection, IClientProxy line, Caller caller, string language, string[] modules)
    {
        private int _ending;

        public HubCallerContext Connection => connection;

        public IClientProxy Line => line;

        public Caller Caller => caller;

        public string Language => language;

        public string[] Modules => modules;

        public DateTimeOffset CountedAt { get; set; }

        public ITimer? Timer { get; set; }

        /// <summary>True once: a timer and a new version may see the closing at the same moment.</summary>
        public bool BeginsToEnd() => Interlocked.Exchange(ref _ending, 1) == 0;
    }
}
