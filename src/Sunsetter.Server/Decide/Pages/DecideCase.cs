using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Everything the Decide page shows of one retirement, read once for all its parts.</summary>
internal sealed record DecideCase(Retirement Retirement, DecisionGround Ground, IReadOnlyList<DecisionGap> Gaps, ModuleActivity Activity, Outlook Outlook, DateOnly Today)
{
    /// <summary>Customers that the record speaks of although they are not affected, or not any more.</summary>
    public required IReadOnlyDictionary<CustomerKey, Text> Others { get; init; }

    /// <summary>What the detector found, with the picture of each customer's year up to <see cref="PicturesUntil"/>.</summary>
    public required IReadOnlyDictionary<CustomerKey, HiddenDependent> Pictures { get; init; }

    public required DateOnly PicturesUntil { get; init; }

    public Deciding Deciding => Retirement.Deciding;

    /// <summary>Evidence may still change.</summary>
    public bool Gathering => Decide.Gathering.NotNow(Retirement) is null;

    public string Page => $"/retirements/{Retirement.Id}/decide";

    public Text Name(ModuleKey key) => Ground.Modules.FirstOrDefault(module => module.Key == key)?.Name ?? Text.Same(key.Value);

    public Text Name(CustomerKey key) => Ground.Affected.FirstOrDefault(customer => customer.Key == key)?.Opening.Name ?? (Others.TryGetValue(key, out var name) ? name : Text.Same(key.Value));

    public bool Missing(string part) => Gaps.Any(gap => gap.Part == part);
}

/// <summary>Reads the case of a retirement.</summary>
internal sealed class DecideCases(FactLog log, Evidence evidence, UsageQuestions usage, CatalogueNames names, TimeProvider clock)
{
    // A year, so that the picture shows the seasons.
    private const int DaysShown = 400;

    public async Task<DecideCase?> Find(string id, CancellationToken cancel)
    {
        if (!RetirementId.TryParse(id, null, out var key) || await log.Find(key, cancel) is not { } retirement)
            return null;
        var ground = await evidence.Ground(retirement, cancel);
        var today = await evidence.Today(cancel);
        // The day of the ground's own flags: pictures and reasons are of one reading.
        var asked = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var yesterday = asked.AddDays(-1);
        return new DecideCase(
            retirement, ground, DecisionGaps.Of(retirement, ground),
            await usage.Activity(retirement.Module, yesterday, DaysShown, cancel),
            await evidence.Outlook(retirement, ground.Affected, today, null, cancel), today)
        {
            Others = await Named(retirement, ground, cancel),
            Pictures = (await usage.HiddenDependents(retirement.Module, asked, cancel)).ToDictionary(found => found.Customer),
            PicturesUntil = asked,
        };
    }

    private async Task<IReadOnlyDictionary<CustomerKey, Text>> Named(Retirement retirement, DecisionGround ground, CancellationToken cancel)
    {
        var others = new Dictionary<CustomerKey, Text>();
        foreach (var key in retirement.Deciding.Research.Select(talk => talk.Customer).Concat(retirement.Deciding.Dependents.Keys.Select(key => new CustomerKey(key))).Except(ground.Affected.Select(customer => customer.Key)))
            others[key] = await names.Of(key, cancel);
        return others;
    }
}
