using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Ends the connections to a hub at the instant its module closes: a hub that only pushes is never called, so nothing else would.</summary>
internal sealed class HubConnections : IDisposable
{
    /// <summary>Who stays connected uses the module on each of these days.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly SunsetterClient _client;
    private readonly TimeProvider _time;

    public HubConnections(SunsetterClient client, IServiceProvider services)
    {
        _client = client;
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        client.Changed += LookAtAll;
    }

    /// <summary>Holds a connection that was let in.</summary>
    public void Add(HubCallerContext connection, Caller caller, string[] modules)
    {
        var held = new Held(connection, caller, modules) { CountedAt = _client.Now };
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
        foreach (var id in _held.Keys) Remove(id);
    }

    private void LookAtAll(object? sender, EventArgs told)
    {
        foreach (var held in _held.Values) Look(held);
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
                held.Connection.Abort();
                return;
            }
            // A timer that is early by a hair looks again at once.
            if (decision.ValidUntil is { } until && until - decision.At < next) next = Max(until - decision.At, TimeSpan.FromMilliseconds(1));
        }
        held.Timer?.Change(next, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Held(HubCallerContext connection, Caller caller, string[] modules)
    {
        public HubCallerContext Connection => connection;

        public Caller Caller => caller;

        public string[] Modules => modules;

        public DateTimeOffset CountedAt { get; set; }

        public ITimer? Timer { get; set; }
    }
}
