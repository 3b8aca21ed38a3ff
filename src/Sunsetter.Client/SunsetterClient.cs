using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sunsetter.Client.Clock;
using Sunsetter.Client.Live;
using Sunsetter.Client.Notices;
using Sunsetter.Client.Outbox;
using Sunsetter.Client.Receipts;
using Sunsetter.Client.Snapshots;
using Sunsetter.Client.Usage;
using Sunsetter.Gates;

namespace Sunsetter.Client;

/// <summary>
/// Knows, to the instant, whether a module is open. Keep one per process. After construction no member throws because of the
/// server, the network or the disk: the last good snapshot keeps deciding.
/// </summary>
public sealed class SunsetterClient : IAsyncDisposable, IDisposable
{
    internal const string OutboxFolder = "outbox";

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly SunsetterOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly ClientTelemetry _telemetry;
    private readonly ServerClock _clock;
    private readonly ServerConnection _server;
    private readonly SnapshotHolder _held;
    private readonly SnapshotFile? _file;
    private readonly UseCounter _counter = new();
    private readonly Outbox.Outbox _outbox;
    private readonly UsageSender _usage;
    private readonly NoticeReader _notices;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _work;
    private int _disposed;

    /// <summary>Starts a client: reads the stored snapshot, then follows the server in the background.</summary>
    /// <param name="options">See <see cref="SunsetterOptions"/>.</param>
    /// <param name="logs">Where to log; null: nowhere.</param>
    /// <param name="meters">Where to make the meter; null: a meter of its own.</param>
    /// <exception cref="ArgumentException">The options cannot work; the message says why.</exception>
    public SunsetterClient(SunsetterOptions options, ILoggerFactory? logs = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Errors() is { Count: > 0 } errors) throw new ArgumentException(string.Join(' ', errors), nameof(options));

        _options = options;
        _log = (logs ?? NullLoggerFactory.Instance).CreateLogger<SunsetterClient>();
        _time = options.TimeProvider ?? TimeProvider.System;
        _telemetry = new ClientTelemetry(meters);

        var directory = StateDirectory.Find(options, _time, _log);
        _clock = new ServerClock(_time, StoredOffset.Read(directory));
        _server = new ServerConnection(options, _clock, _time, _telemetry);
        _held = new SnapshotHolder(_clock, _time, _telemetry, _log);
        _held.Changed += TellSubscribers;
        _telemetry.Observe(() => _held.Version ?? -1, () => _clock.Offset.TotalSeconds);
        if (directory is not null)
        {
            _file = new SnapshotFile(directory, _held, _clock, _time, _log);
            _file.Load();
        }

        IShelf shelf = directory is null ? new MemoryShelf() : new DiskShelf(Path.Combine(directory, OutboxFolder));
        _outbox = new Outbox.Outbox(shelf, options.OutboxLimit, _telemetry, _log);
        var chance = Random.Shared.NextDouble;
        _usage = new UsageSender(_counter, _outbox, _server, _clock, _time, options.UsageInterval, chance);
        _notices = new NoticeReader(_server, _log);
        var receipts = new ReceiptSender(_server, _held, _clock, _time, chance, Instance());
        var feed = new GateFeed(_server, _held, _clock, _time, chance, _telemetry, _log);
        _work =
        [
            KeepRunning(feed.RunAsync),
            KeepRunning(feed.WatchClockAsync),
            KeepRunning(receipts.RunAsync),
            KeepRunning(_usage.RunAsync),
            _file is null ? Task.CompletedTask : KeepRunning(_file.RunAsync),
        ];
    }

    /// <summary>Raised after each new snapshot version, on a background thread. The passing of time raises nothing: see <see cref="GateDecision.ValidUntil"/>.</summary>
    public event EventHandler? Changed;

    /// <summary>The snapshot that decides now; <see cref="GateSnapshot.None"/> before the first.</summary>
    public GateSnapshot Snapshot => _held.Snapshot;

    /// <summary>The server's time, as well as it is known here.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>Whether a module is open, from memory, counting nothing: for menus and banners.</summary>
    /// <param name="module">The module's key.</param>
    /// <param name="customer">The customer's id; null: nobody in particular.</param>
    /// <param name="user">The user's id; null: nobody in particular.</param>
    /// <returns>The answer; for an unknown module the declared default (<see cref="SunsetterOptions.UnknownModulesAreOpen"/>), marked as such.</returns>
    public GateDecision Ask(string? module, string? customer = null, string? user = null) =>
        _held.Snapshot.Decide(module, customer, user, _clock.Now, _options.UnknownModulesAreOpen ? GateState.Open : GateState.Closed);

    /// <summary>The same for somebody who uses the module at this moment: the use, or the refusal, is counted and reported.</summary>
    /// <param name="module">The module's key.</param>
    /// <param name="customer">The customer's id; without one nothing is counted.</param>
    /// <param name="user">The user's id; without one nothing is counted.</param>
    public GateDecision Use(string? module, string? customer, string? user)
    {
        var decision = Ask(module, customer, user);
        _telemetry.Answered(decision.State);
        if (string.IsNullOrEmpty(module) || string.IsNullOrEmpty(customer) || string.IsNullOrEmpty(user)) return decision;

        if (module.Length > UseKey.LongestModule || customer.Length > UseKey.LongestCustomer || user.Length > UseKey.LongestUser)
        {
            // The server would not take it.
            _telemetry.Dropped("too-long");
            return decision;
        }

        var use = new UseKey(module, customer, user, UseKey.QuarterOf(decision.At), Refused: !decision.IsOpen);
        if (!_counter.Add(use)) _telemetry.Dropped("counter-full");
        return decision;
    }

    /// <summary>What a signed-in person should be told inside the application; empty when the server is out of reach.</summary>
    /// <param name="customer">The person's customer.</param>
    /// <param name="user">The person.</param>
    /// <param name="cancel">Gives up; the only reason for an exception.</param>
    public Task<IReadOnlyList<Notice>> NoticesAsync(string customer, string user, CancellationToken cancel = default) =>
        _notices.ReadAsync(customer, user, cancel);

    /// <summary>Reports what a person did with a notice. Returns at once; survives a lost connection and a restart.</summary>
    /// <param name="notice">The notice's id.</param>
    /// <param name="mark">What they did.</param>
    /// <param name="customer">The person's customer.</param>
    /// <param name="user">The person.</param>
    public void Mark(string notice, NoticeMark mark, string customer, string user)
    {
        var verb = mark switch { NoticeMark.Seen => "seen", NoticeMark.Dismissed => "dismissed", _ => "acknowledged" };
        var body = JsonSerializer.SerializeToUtf8Bytes(new MarkBody(customer, user, _clock.Now.UtcDateTime), NoticeJson.Default.MarkBody);
        _outbox.Put(new OutboxEntry(Guid.CreateVersion7(_clock.Now), $"{NoticeReader.Path}/{Uri.EscapeDataString(notice)}/{verb}", body));
        _usage.Hurry();
    }

    /// <summary>A token for a browser, so that its client gets answers for this signed-in person and nobody else.</summary>
    /// <param name="customer">The person's customer.</param>
    /// <param name="user">The person.</param>
    /// <param name="lifetime">1 minute to 24 hours; null: 1 hour.</param>
    public string ContextToken(string customer, string user, TimeSpan? lifetime = null)
    {
        var bounded = TimeSpan.FromSeconds(Math.Clamp((lifetime ?? TimeSpan.FromHours(1)).TotalSeconds, 60, 86_400));
        return Client.ContextToken.Sign(_options.Key!, customer, user, _clock.Now + bounded);
    }

    /// <summary>Waits until there is a snapshot, from disk or from the server.</summary>
    /// <param name="most">How long at most.</param>
    /// <param name="cancel">Gives up; the only reason for an exception.</param>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> WaitForSnapshotAsync(TimeSpan most, CancellationToken cancel = default)
    {
        await _held.WaitForChangeAsync(seen: null, most, cancel);
        return _held.Version is not null;
    }

    /// <summary>Sends everything counted so far.</summary>
    /// <param name="cancel">Gives up; the only reason for an exception. What was not sent is kept.</param>
    /// <returns>Whether the server has all of it.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancel = default)
    {
        _usage.Cut();
        return (await _outbox.SendAllAsync(_server, cancel)).Kind == SendKind.Done;
    }

    /// <summary>Sends what was counted (5 seconds at most; the rest is kept on disk), stores the snapshot and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await Task.WhenAll(_work);
        using (var farewell = new CancellationTokenSource(LongestFarewell, _time))
        {
            try { await FlushAsync(farewell.Token); }
            catch (OperationCanceledException) { /* kept on disk for the next start */ }
        }
        _file?.Save();
        _server.Dispose();
        _telemetry.Dispose();
        _stop.Dispose();
    }

    /// <summary>Stops without waiting for the network: what was counted is kept on disk for the next start.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _stop.Cancel();
        _usage.Cut();
        _file?.Save();
        _server.Dispose();
        _telemetry.Dispose();
    }

    private string Instance()
    {
        var name = _options.Instance ?? $"{Environment.MachineName}/{AppDomain.CurrentDomain.FriendlyName}/{Environment.ProcessId}";
        return name.Length <= 100 ? name : name[..100];
    }

    private void TellSubscribers()
    {
        // The subscriber is the host's code; its failure must not stop the feed.
        try { Changed?.Invoke(this, EventArgs.Empty); }
        catch (Exception problem) when (!_stop.IsCancellationRequested) { _log.SubscriberFailed(problem); }
    }

    /// <summary>Whatever goes wrong in the background is logged and started again; the host never sees it.</summary>
    private Task KeepRunning(Func<CancellationToken, Task> work) => Task.Run(async () =>
    {
        // What goes on for ever is no part of the request in which the client happened to be made.
        Activity.Current = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                try
                {
                    await work(_stop.Token);
                }
                catch (Exception problem) when (!_stop.IsCancellationRequested)
                {
                    _log.TaskFailed(problem);
                    await Task.Delay(TimeSpan.FromSeconds(5), _time, _stop.Token);
                }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // Whatever breaks while we stop is the stopping.
                return;
            }
        }
    });
}
