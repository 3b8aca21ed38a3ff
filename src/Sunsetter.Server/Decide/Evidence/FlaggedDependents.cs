using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Customers for whom the module may be vital though its overall use does not show it (A5).</summary>
internal sealed class FlaggedDependents(UsageQuestions usage, FlagVerdicts verdicts, CatalogueNames names)
{
    /// <summary>Points from which on somebody must look: one strong reason, or two that agree.</summary>
    private const int LeastScore = 30;

    public async Task<IReadOnlyList<FlaggedDependent>> Of(ModuleKey module, DateTimeOffset now, CancellationToken cancel)
    {
        var (flagged, words) = (new List<FlaggedDependent>(), await verdicts.Of(module, cancel));
        foreach (var found in (await usage.HiddenDependents(module, DateOnly.FromDateTime(now.UtcDateTime), cancel)).Where(Weighs))
            flagged.Add(Of(found, await names.Of(found.Customer, cancel), words));
        return flagged;
    }

    /// <summary>The same by what a page sees.</summary>
    public async Task<IReadOnlyList<FlaggedDependent>> Of(ModuleKey module, Seen seen, CancellationToken cancel)
    {
        var words = await verdicts.Of(module, cancel);
        return [.. seen.Dependents(module).Where(Weighs).Select(found => Of(found, seen.Customers.GetValueOrDefault(found.Customer)?.Name ?? Text.Same(found.Customer.Value), words))];
    }

    /// <summary>Remembers a word on a customer for all their flags, so that nobody is asked again where the module is looked at.</summary>
    public async Task Say(ModuleKey module, SettleDependent word, DateTimeOffset now, string by, CancellationToken cancel)
    {
        var reason = word.Reason.Length > FlagVerdicts.LongestReason ? word.Reason[..FlagVerdicts.LongestReason] : word.Reason;
        foreach (var found in (await usage.HiddenDependents(module, DateOnly.FromDateTime(now.UtcDateTime), cancel)).Where(found => found.Customer == word.Customer))
            foreach (var flag in found.Flags)
                await verdicts.Say(module, found.Customer, flag.Kind, word.Confirmed, reason, by, cancel);
    }

    private static bool Weighs(HiddenDependent found) => found.Score >= LeastScore;

    private static FlaggedDependent Of(HiddenDependent found, Text name, IReadOnlyList<FlagVerdict> words) =>
        new(found.Customer, name, [.. found.Flags.Select(flag => flag.Reason)]) { Word = WordOn(found, words) };

    // A flag that came later than the word on the others is open. Who depends on it in one way depends on it.
    private static Settled? WordOn(HiddenDependent found, IReadOnlyList<FlagVerdict> words)
    {
        var said = found.Flags.Select(flag => words.FirstOrDefault(word => word.Customer == found.Customer && word.Kind == flag.Kind)).OfType<FlagVerdict>().ToList();
        if (said.Count < found.Flags.Count)
            return null;
        var newest = said.MaxBy(word => word.At)!;
        var confirmed = said.Exists(word => word.Confirmed);
        return new Settled(confirmed, string.Join(" ", said.Where(word => word.Confirmed == confirmed).Select(word => word.Reason).Distinct()), newest.By, newest.At);
    }
}
