namespace Sunsetter.Server.Platform;

/// <summary>Runs every due step again and again, each on one node at a time. A step that fails is logged and tried at its next turn.</summary>
internal sealed partial class Ticker(IEnumerable<IDueStep> steps, Leases leases, TimeProvider clock, ILogger<Ticker> log) : BackgroundService
{
    // A node never runs a step beside itself; between nodes the lease decides.
    private readonly Dictionary<string, SemaphoreSlim> turns = steps.ToDictionary(step => step.Name, _ => new SemaphoreSlim(1));

    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(60);

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
            if (await leases.Take($"step/{step.Name}", LeaseLength, cancel))
                await step.Run(clock.GetUtcNow(), cancel);
        }
        finally
        {
            turns[step.Name].Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The step {Step} failed; it is tried again at its next turn.")]
    private partial void Failed(Exception failure, string step);
}
