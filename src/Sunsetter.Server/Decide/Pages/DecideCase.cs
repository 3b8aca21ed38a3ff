using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Everything the Decide page shows of one retirement, read once for all its parts.</summary>
internal sealed record DecideCase(Retirement Retirement, DecisionGround Ground, IReadOnlyList<DecisionGap> Gaps, ModuleUse Activity, Outlook Outlook, DateOnly Today)
{
    /// <summary>Customers that the record speaks of although they are not affected, or not any more.</summary>
    public required IReadOnlyDictionary<CustomerKey, Text> Others { get; init; }

    /// <summary>What the detector found, with the picture of each customer's year up to <see cref="PicturesUntil"/>.</summary>
    public required IReadOnlyDictionary<CustomerKey, HiddenDependent> Pictures { get; init; }

    public required DateOnly PicturesUntil { get; init; }

    private Dictionary<CustomerKey, AffectedCustomer> ByKey => field ??= Ground.Affected.ToDictionary(customer => customer.Key);

    public Deciding Deciding => Retirement.Deciding;

    /// <summary>Evidence may still change.</summary>
    public bool Gathering => Decide.Gathering.NotNow(Retirement) is null;

    /// <summary>What takes the module's place may still change.</summary>
    public bool MayStillChoose => Decide.Gathering.MayStillChooseReplacement(Retirement);

    /// <summary>The replacements of which lines of the comparison may be answered now.</summary>
    public IReadOnlyList<ModuleKey> Comparable => Gathering ? Deciding.Alternatives : MayStillChoose && Retirement is { ReplacementChangedAt: not null, Replacement: { } later } ? [later] : [];

    public string Page => $"/retirements/{Retirement.Id}/decide";

    public Text Name(ModuleKey key) => Ground.Modules.FirstOrDefault(module => module.Key == key)?.Name ?? Text.Same(key.Value);

    public AffectedCustomer? Affected(CustomerKey key) => ByKey.GetValueOrDefault(key);

    public Text Name(CustomerKey key) => Affected(key)?.Opening.Name ?? (Others.TryGetValue(key, out var name) ? name : Text.Same(key.Value));

    public bool Missing(string part) => Gaps.Any(gap => gap.Part == part);
}

/// <summary>Reads the case of a retirement.</summary>
internal sealed class DecideCases(FactLog log, Evidence evidence)
{
    public async Task<DecideCase?> Find(string id, CancellationToken cancel)
    {
        if (!RetirementId.TryParse(id, null, out var key) || await log.Find(key, cancel) is not { } retirement)
            return null;
        var seen = await evidence.See(cancel);
        var ground = await evidence.Ground(retirement, seen, cancel);
        var today = await evidence.Today(cancel);
        return new DecideCase(
            retirement, ground, DecisionGaps.Of(retirement, ground), seen.Use.Use(retirement.Module), await evidence.Outlook(retirement, ground.Affected, today, seen, cancel), today)
        {
            Others = retirement.Deciding.Research.Select(talk => talk.Customer).Concat(retirement.Deciding.Dependents.Keys.Select(key => new CustomerKey(key))).Distinct()
                .Where(seen.Customers.ContainsKey).ToDictionary(key => key, key => seen.Customers[key].Name),
            Pictures = seen.Dependents(retirement.Module).ToDictionary(found => found.Customer),
            PicturesUntil = seen.Use.Today,
        };
    }
}
