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

    // A signed context is in the hands of a browser; a server key is in those of a back end.
    private readonly Dictionary<(string Kid, string? Customer, string? User), int> people = [];
    private readonly int mostOfOne;
    private GateSubscriber[]? list = [];
    private volatile Published? current;
    private int turn;

    private readonly CancellationToken stopping;

    public GateStreams(EdgeKeys keys, TimeProvider clock, IConfiguration configuration, IHostApplicationLifetime life, ILogger<GateStreams> log)
    {
        (this.keys, this.clock, this.log, stopping) = (keys, clock, log, life.ApplicationStopping);
        mostOfOne = configuration.GetValue("Gates:StreamsPerPerson", 100);
        keys.Read += CheckKeys;
        // The server waits for its requests before its services are stopped: streams would keep it waiting.
        stopping.Register(AbortAll);
    }

    public Published? Current => current;

    public int Count => all.Count;

    /// <summary>How many wait for their client to read.</summary>
    public int Blocked => List().Count(subscriber => subscriber.BlockedSince != 0);

    public int NextTurn() => (int)((uint)Interlocked.Increment(ref turn) % LifeSignEvery);

    public long Timestamp() => clock.GetTimestamp();

    public DateTimeOffset Now() => clock.GetUtcNow();

    public byte[] TimeFrame() => SseFrame.Time(clock.GetUtcNow(), current);

    public void Add(GateSubscriber subscriber)
    {
        lock (change)
        {
            all.Add(subscriber);
            list = null;
            if (subscriber.Caller.IsBrowser)
                people[Person(subscriber.Caller)] = people.GetValueOrDefault(Person(subscriber.Caller)) + 1;
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
            if (subscriber.Caller.IsBrowser && --System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(people, Person(subscriber.Caller), out _) <= 0)
                people.Remove(Person(subscriber.Caller));
        }
    }

    /// <summary>Whether one person's browser may open one more: nobody can take the node's connections from all others.</summary>
    public bool HasRoomFor(EdgeCaller caller)
    {
        if (!caller.IsBrowser)
            return true;
        lock (change)
            return people.GetValueOrDefault(Person(caller)) < mostOfOne;
    }

    private static (string Kid, string? Customer, string? User) Person(EdgeCaller caller) => (caller.Kid, caller.Customer, caller.User);

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
