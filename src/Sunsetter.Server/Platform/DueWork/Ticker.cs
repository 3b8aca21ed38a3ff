using System.Data.Common;

namespace Sunsetter.Server.Platform;

/// <summary>Runs every due step again and again, each on one node at a time. A step that fails is logged and tried at its next turn.</summary>
internal sealed partial class Ticker(IEnumerable<IDueStep> steps, Leases leases, TimeProvider clock, ILogger<Ticker> log) : BackgroundService
{
    // A node never runs a step beside itself; between nodes the lease decides.
    private readonly Dictionary<string, SemaphoreSlim> turns = steps.ToDictionary(step => step.Name, _ => new SemaphoreSlim(1));

    // How long the work of a node that died lies idle; renewed while a step runs.
    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(20);

    /// <summary>Runs every step once, now. For tests and for the command line; the lease is respected.</summary>
    public async Task RunAll(CancellationToken cancel)
    {
        foreach (var step in steps)
            await Run(step, cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stopping) => Task.WhenAll(steps.Select(step => Loop(step, stopping)));

    public override async Task StopAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        await leases.GiveBack(cancel);
    }

    private async Task Loop(IDueStep step, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Run(step, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Failed(failure, step.Name);
            }
            await Task.Delay(step.Every, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Run(IDueStep step, CancellationToken cancel)
    {
        await turns[step.Name].WaitAsync(cancel);
        try
        {
            if (await leases.Take(LeaseOf(step), LeaseLength, cancel))
                await Hold(step, step.Run(clock.GetUtcNow(), cancel), cancel);
        }
        finally
        {
            turns[step.Name].Release();
        }
    }

    /// <summary>Renews the lease until the run has ended. One that is lost meanwhile stops nothing: a doubled run doubles nothing.</summary>
    private async Task Hold(IDueStep step, Task running, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (await Task.WhenAny(running, Task.Delay(LeaseLength / 4, clock, ended.Token)) != running && !cancel.IsCancellationRequested)
        {
            try
            {
                await leases.Take(LeaseOf(step), LeaseLength, CancellationToken.None);
            }
            catch (DbException failure)
            {
                NotRenewed(failure, step.Name);
            }
        }
        await ended.CancelAsync();
        await running;
    }

    private static string LeaseOf(IDueStep step) => $"step/{step.Name}";

    [LoggerMessage(Level = LogLevel.Error, Message = "The step {Step} failed; it is tried again at its next turn.")]
    private partial void Failed(Exception failure, string step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease on {Step} was not renewed; another node may take it up while this one is still at it.")]
    private partial void NotRenewed(Exception failure, string step);
}
