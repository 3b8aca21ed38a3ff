using System.Collections.Concurrent;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>
/// Runs migration tools: makes work of what was requested, claims what is due, and records how it ended. A run belongs to one node by its lease, which is
/// renewed every second; a node that cannot renew it ends its tool. A killed node's runs are called again when their lease ends, with the same key.
/// </summary>
internal sealed partial class RunTools(ToolRuns runs, ToolRun one, FactLog log, IHostApplicationLifetime lifetime, ILogger<RunTools> logger) : IDueStep, IHostedService
{
    /// <summary>Tools at the same time on one node.</summary>
    public const int AtOnce = 4;

    private readonly ConcurrentDictionary<Guid, Task> running = [];

    public string Name => "migrate/run-tools";

    /// <summary>Starts what is due and does not wait for it.</summary>
    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        await Record(cancel);
        await runs.Discover(cancel);
        foreach (var run in await runs.Reporting(cancel))
            await one.WatchReporting(run, now, cancel);
        foreach (var run in await runs.Postponed(cancel))
            await one.WatchPostponed(run, cancel);
        foreach (var claimed in await runs.Claim(AtOnce - running.Count, cancel))
            Start(claimed);
        await Record(cancel);
    }

    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The tools of this node are ended when it stops, and their runs given back: another call takes up where they were.</summary>
    public Task StopAsync(CancellationToken cancel) => Finished();

    /// <summary>Until no tool runs on this node.</summary>
    public Task Finished() => Task.WhenAll(running.Values);

    private void Start(ToolRunRow claimed)
    {
        // Listed before it starts: one that ends at once must find itself to take itself off.
        var following = new Task<Task>(() => Follow(claimed));
        running[claimed.Id] = following.Unwrap();
        following.Start(TaskScheduler.Default);
    }

    private async Task Follow(ToolRunRow claimed)
    {
        try
        {
            await one.Call(claimed, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped before the tool was called: the lease ends by itself.
        }
        catch (Exception failure)
        {
            // A fault of ours. The lease ends by itself, and the run is called again.
            Failed(failure, claimed.Id);
        }
        finally
        {
            running.TryRemove(claimed.Id, out _);
        }
    }

    private async Task Record(CancellationToken cancel)
    {
        foreach (var run in await runs.Unrecorded(cancel))
        {
            var outcome = await log.Change(run.Retirement, new CustomerKey(run.Customer), Actor.Clock.Id, (_, entry) =>
                entry.Move.Runs.Any(known => known.Id == run.Id && known.FinishedAt is null)
                    ? Decision.Of(entry.Customer, new MigrationRunFinished(run.Id, run.Succeeded == true, run.Done, run.Total, run.Message))
                    : Decision.Nothing, cancel);
            if (outcome.Refusal is null)
                await runs.Recorded(run.Id, cancel);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The run {Run} of a migration tool fell over.")]
    private partial void Failed(Exception failure, Guid run);
}
