using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
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
        foreach (var found in (await usage.HiddenDependents(module, DateOnly.FromDateTime(now.UtcDateTime), cancel)).Where(Weighs))
            flagged.Add(Of(found, await names.Of(found.Customer, cancel)));
        return flagged;
    }

    /// <summary>The same by what a page sees.</summary>
    public static IReadOnlyList<FlaggedDependent> Of(IReadOnlyList<HiddenDependent> dependents, Seen seen) =>
        [.. dependents.Where(Weighs).Select(found => Of(found, seen.Customers.GetValueOrDefault(found.Customer)?.Name ?? Text.Same(found.Customer.Value)))];

    private static bool Weighs(HiddenDependent found) => found.Score >= LeastScore;

    private static FlaggedDependent Of(HiddenDependent found, Text name) => new(found.Customer, name, [.. found.Flags.Select(flag => flag.Reason)]);
}
