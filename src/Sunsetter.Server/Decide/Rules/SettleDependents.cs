using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Confirms or dismisses a customer flagged as a hidden dependent (A5). One who is confirmed is never given a shortened notice.</summary>
internal sealed record SettleDependent(CustomerKey Customer, bool Confirmed, string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyCollection<CustomerKey> customers) =>
        (Gathering.NotNow(retirement) ?? Given.Missing(Reason, "reason")) is { } refusal ? refusal
        : !customers.Contains(Customer) ? Refusal.NotFound("customer", "客户", Customer.Value) with { Field = "customer" }
        : new DependentSettled(Customer, Confirmed, Reason.Trim());
}

/// <summary>Says how a kept module that depends on this one is taken care of.</summary>
internal sealed record SettleDependentModule(ModuleKey Module, string How)
{
    public Decision Decide(Retirement retirement, IReadOnlyCollection<ModuleKey> dependents) =>
        (Gathering.NotNow(retirement) ?? Given.Missing(How, "how")) is { } refusal ? refusal
        : !dependents.Contains(Module) ? new Refusal("module.not-dependent", $"“{Module}” does not depend on “{retirement.Module}” by the catalogue.", $"按目录，“{Module}”并不依赖“{retirement.Module}”。") { Field = "module" }
        : new DependentModuleSettled(Module, How.Trim());
}

/// <summary>Counts customers of these plans as affected even where they never used the module.</summary>
internal sealed record EntitleTiers(ImmutableArray<string> Tiers)
{
    public Decision Decide(Retirement retirement)
    {
        if (Gathering.NotNow(retirement) is { } refusal)
            return refusal;
        var tiers = Tiers.IsDefault ? [] : Tiers.Select(tier => (tier ?? "").Trim()).Where(tier => tier.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        return tiers.Length > 50 || tiers.Any(tier => tier.Length > 60) ? new Refusal("tiers.list", "At most 50 plans, each of at most 60 characters.", "最多 50 个套餐，每个不超过 60 个字符。") { Field = "tiers" }
            : tiers.SequenceEqual(retirement.Deciding.EntitledTiers) ? Decision.Nothing
            : new TiersEntitled(tiers);
    }
}

/// <summary>Counts as major whatever the policy's bounds say: nobody gets less than the notice of a major retirement.</summary>
internal sealed record DeclareMajor(string Reason)
{
    public Decision Decide(Retirement retirement) =>
        (Gathering.NotNow(retirement) ?? Given.Missing(Reason, "reason")) is { } refusal ? refusal : new MajorDeclared(Reason.Trim());
}
