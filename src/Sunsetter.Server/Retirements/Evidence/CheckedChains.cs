using System.Collections.Concurrent;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// What the last check of each retirement's facts found. A long ledger is checked once an hour behind the pages, which say when it was; a short one at each look. A fault is
/// also written to the log, so that it is found when nobody looks.
/// </summary>
internal sealed partial class CheckedChains(StoredChain chain, FactLog facts, TimeProvider clock, ILogger<CheckedChains> log) : BackgroundService
{
    /// <summary>A ledger of more facts takes longer to check than a page may.</summary>
    public const int Long = 2_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Between = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RetirementId, Check> latest = [];

    internal sealed record Check(StoredChain.Result Result, DateTimeOffset At);

    /// <param name="total">How many facts there are.</param>
    public async Task<Check> Of(RetirementId id, int total, CancellationToken cancel) => total > Long && latest.TryGetValue(id, out var known) ? known : await Again(id, cancel);

    /// <summary>Checks now.</summary>
    public async Task<Check> Again(RetirementId id, CancellationToken cancel)
    {
        var at = clock.GetUtcNow();
        var check = latest[id] = new Check(await chain.Check(id, cancel), at);
        if (check.Result.FirstFault is { } fault)
            Broken(id.ToString(), fault.Version, fault.Customer);
        return check;
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var retirement in await facts.All(stopping))
                    if (!latest.TryGetValue(retirement.Id, out var known) || clock.GetUtcNow() - known.At >= Every)
                        await Again(retirement.Id, stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                Failed(failure);
            }
            await Task.Delay(Between, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Fact {Version} of the retirement {Retirement} (customer '{Customer}') does not match its hash: it was changed outside Sunsetter.")]
    private partial void Broken(string retirement, int version, string customer);

    [LoggerMessage(Level = LogLevel.Error, Message = "The facts could not be checked; it is tried again in a minute.")]
    private partial void Failed(Exception failure);
}
