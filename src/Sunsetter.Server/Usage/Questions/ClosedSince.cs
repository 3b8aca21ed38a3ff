using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Since when a module's gate is closed: the instant from which refused calls are counted.</summary>
internal sealed class ClosedSince(FactLog log)
{
    /// <returns>When the first customer of its latest retirement was closed; null where nobody is.</returns>
    public async Task<DateTimeOffset?> Of(ModuleKey module, CancellationToken cancel) =>
        (await log.All(cancel)).LastOrDefault(retirement => retirement.Module == module && retirement.Stage is not (Stage.Rejected or Stage.Cancelled or Stage.Deferred)) is { } latest
            ? (await log.Entries(latest.Id, cancel)).Min(entry => entry.ClosedAt) : null;
}
