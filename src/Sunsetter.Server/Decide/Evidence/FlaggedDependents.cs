using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Customers for whom the module may be vital though its overall use does not show it (A5).</summary>
internal sealed class FlaggedDependents(UsageQuestions usage, CatalogueNames names)
{
    /// <summary>Points from which on somebody must look: one strong reason, or two that agree.</summary>
    private const int LeastScore = 30;

    public async Task<IReadOnlyList<FlaggedDependent>> Of(ModuleKey module, DateTimeOffset now, CancellationToken cancel)
    {
        var flagged = new List<FlaggedDependent>();
        foreach (var found in await usage.HiddenDependents(module, DateOnly.FromDateTime(now.UtcDateTime), cancel))
            if (found.Score >= LeastScore)
                flagged.Add(new FlaggedDependent(found.Customer, await names.Of(found.Customer, cancel), [.. found.Flags.Select(flag => flag.Reason)]));
        return flagged;
    }
}
