namespace Sunsetter.Server.Gates;

/// <summary>Every open stream of this node.</summary>
internal sealed partial class GateStreams : BackgroundService
{
    /// <summary>A client that has not read for this long is cut off; it has lost nothing, it re-syncs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int LifeSignEvery = 15;

    private readonly EdgeKeys keys;
    private readonly TimeProvider clock;
    private readonly ILogger<GateStreams> log;
    private readonly Lock change = new();
    private readonly HashSet<GateSubscriber> all = [];
    private GateSubscriber[]? list = [];
    private volatile Published? current;
    private int turn;

    private readonly CancellationToken stopping;

    public GateStreams(EdgeKeys keys, TimeProvider clock, IHostApplicationLifetime life, ILogger<GateStreams> log)
    {
        (this.keys, this.clock, this.log, stopping) = (keys, clock, log, life.ApplicationStopping);
        keys.Read += CheckKeys;
        // The server waits for its requests before its services are stopped: streams would keep it waiting.
        stopping.Register(AbortAll);
    }

    public Published? Current => current;

    public int Count => all.Count;

    /// <summary>How many wait for their client to read.</summary>
    public int Blocked => List().Count(subscriber => subscriber.BlockedSince != 0);

    public int NextTurn() => Interlocked.Increment(ref turn) % LifeSignEvery;

    public long Timestamp() => clock.GetTimestamp();

    public DateTimeOffset Now() => clock.GetUtcNow();

    public byte[] TimeFrame() => SseFrame.Time(clock.GetUtcNow(), current?.Version ?? 0);

    public void Add(GateSubscriber subscriber)
    {
        lock (change)
        {
            all.Add(subscriber);
            list = null;
        }
        if (stopping.IsCancellationRequested)
            subscriber.Abort();
        else
            subscriber.Poke();
    }

    public void Remove(GateSubscriber subscriber)
    {
        lock (change)
        {
            all.Remove(subscriber);
            list = null;
        }
    }

    /// <summary>Everybody is told; nobody is waited for.</summary>
    public void Broadcast(Published newest)
    {
        current = newest;
        foreach (var subscriber in List())
            subscriber.Poke();
    }

    /// <summary>Keeps an eye on a write that goes on by itself.</summary>
    public void Own(Task writing) => writing.ContinueWith(
        (failed, state) => ((GateStreams)state!).Broken(failed.Exception!.GetBaseException()), this, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    protected override async Task ExecuteAsync(CancellationToken ends)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            for (var tick = 0; await timer.WaitForNextTickAsync(ends); tick++)
                Sweep(tick % LifeSignEvery);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The server stops; its streams end with their requests.
        }
    }

    private void AbortAll()
    {
        foreach (var subscriber in List())
            subscriber.Abort();
    }

    private void Sweep(int due)
    {
        foreach (var subscriber in List())
        {
            if (subscriber.BlockedSince is var since and not 0 && clock.GetElapsedTime(since) > Patience)
                subscriber.Abort();
            else if (subscriber.Turn == due)
                subscriber.TimeIsDue();
        }
        CheckKeys();
    }

    private void CheckKeys()
    {
        foreach (var subscriber in List())
            if (!keys.MayGoOn(subscriber.Caller))
                subscriber.LoseKey();
    }

    private GateSubscriber[] List()
    {
        lock (change)
            return list ??= [.. all];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A stream broke.")]
    private partial void Broken(Exception failure);
}
