using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>What a decision is judged by beside the retirement's own facts, gathered before a rule is asked.</summary>
/// <param name="Others">Every other retirement.</param>
/// <param name="Flagged">Customers found to depend on the module more than its overall use shows (A5).</param>
/// <param name="Affected">Customers the ledger is opened for.</param>
/// <param name="Use">How much is known of the days in which who depends on it would have been seen (<see cref="UsageQuestions.Foresight"/>).</param>
internal sealed record DecisionGround(
    NoticePolicy Policy, IReadOnlyList<Module> Modules, IReadOnlyList<Retirement> Others, IReadOnlyList<FlaggedDependent> Flagged, IReadOnlyList<AffectedCustomer> Affected, Coverage Use)
{
    /// <summary>Kept modules that the catalogue says need this one. A module that is itself on its way out is not kept.</summary>
    public IEnumerable<Module> DependentModules(ModuleKey module) =>
        Modules.Where(other => other.DependsOn.Contains(module) && other.Key != module && !Others.Any(retirement => retirement.Module == other.Key && retirement.Stage is not (Stage.Rejected or Stage.Cancelled or Stage.Deferred)));
}

/// <summary>A customer whom the retirement affects, and how that was decided.</summary>
/// <param name="LastUse">Last day with use in the last 400 days; null where they only may use it by their plan.</param>
/// <param name="Value">Contract value in a year.</param>
internal sealed record AffectedCustomer(CustomerKey Key, EntryOpened Opening, DateOnly? LastUse, string? ByTier, decimal Value, string Currency, int? ContractNoticeDays, string Country);
