using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Migrate;

/// <summary>A page of the ledger, by consequence, and how many customers each filter holds.</summary>
/// <param name="Show">The filter: needs-work, all, key, went-back, unknown or moved.</param>
/// <param name="Coverage">How much is known of the module's last 28 days.</param>
internal sealed record LedgerView(string Show, int Page, int Pages, LedgerCounts Counts, IReadOnlyList<LedgerLineView> Lines, Coverage Coverage);

/// <summary>One customer as the ledger lists it.</summary>
/// <param name="OldUsers">People on the old module in the last days that the rules look at; null where nothing is known.</param>
internal sealed record LedgerLineView(
    CustomerKey Customer, Text Name, string Tier, CustomerClass Class, string? Manager, MoveState State, long? OldUsers, long? NewUsers, Text Reach, Outlook Outlook, DateOnly? ExpectedDoneOn,
    DateOnly? ClosesOn, Text NextStep, bool Blocks);

/// <summary>One customer's entry: dates, whom we reached, how far they have moved.</summary>
internal sealed record EntryView(
    CustomerKey Customer, Text Name, string Tier, CustomerClass Class, string? AccountManager, string TimeZone, string? Wave, EarliestDay? Earliest, DateOnly? ExtendedUntil,
    DateOnly? ClosesOn, DateTimeOffset? ClosesAt, DateTimeOffset? ClosedAt, Restore? Restore, ReachView Reach, MoveView Move, Coverage Coverage)
{
    /// <param name="line">What was measured last; the facts tell of the day on which the state changed.</param>
    public static EntryView Of(Retirement retirement, LedgerEntry entry, LedgerLine? line, Coverage coverage) => new(
        entry.Customer, entry.Name, entry.Tier, entry.Class, entry.AccountManager, entry.TimeZone, entry.Wave, entry.Earliest, entry.ExtendedUntil,
        entry.ClosesOn(retirement), entry.ClosesAt(retirement), entry.ClosedAt, entry.Restore,
        new(entry.Reach.ToldOn, entry.Reach.ReadAt, entry.Reach.AcknowledgedAt, entry.Reach.Escalation, entry.Reach.EscalationExhausted),
        new(entry.Move.State, entry.Move.ObservedAt, line?.OldUsers, line?.NewUsers, line?.BothUsers, line is { EvidenceEn.Length: > 0 } ? new(line.EvidenceEn, line.EvidenceZh) : entry.Move.Evidence, entry.Move.FollowedBy, entry.Move.NextOn,
            entry.Move.NextStep, entry.Move.Help, entry.Move.Extension, entry.Move.Incentives), coverage);
}

internal sealed record ReachView(DateOnly? ToldOn, DateTimeOffset? ReadAt, DateTimeOffset? AcknowledgedAt, Escalation Escalation, bool EscalationExhausted);

/// <param name="ObservedAt">When the state changed last.</param>
/// <param name="OldUsers">As measured last, like the other numbers and the <paramref name="Evidence"/>; null where that is not known.</param>
internal sealed record MoveView(
    MoveState State, DateTimeOffset? ObservedAt, long? OldUsers, long? NewUsers, long? BothUsers, Text Evidence, string? FollowedBy, DateOnly? NextOn, string NextStep,
    ImmutableArray<HelpRequest> Help, ExtensionRequest? Extension, ImmutableArray<Incentive> Incentives);

/// <summary>The ledger over HTTP: listed like on the page, and one entry whole.</summary>
internal static class LedgerApi
{
    public static void MapLedger(this RouteGroupBuilder retirement)
    {
        retirement.MapGet("/entries", async Task<Results<Ok<LedgerView>, ProblemHttpResult>> (RetirementId id, string? show, int? page, FactLog log, LedgerLines lines, LedgerPages pages, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await log.Find(id, cancel) is not { } found)
                return Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
            if (LedgerFilters.Of(show ?? LedgerFilters.Slug(LedgerFilter.All)) is not { } filter)
                return new Refusal("ledger.unknown-filter", $"\"{show}\" is no filter. Use one of: {LedgerFilters.Known}.", $"没有“{show}”这种筛选，可用：{LedgerFilters.Known}。").ToProblem();
            await lines.CatchUp(found, cancel);
            var counts = await pages.Counts(id, cancel);
            var wanted = Math.Max(1, page ?? 1);
            var shown = await pages.Page(id, filter, wanted, cancel);
            return TypedResults.Ok(new LedgerView(LedgerFilters.Slug(filter), wanted, (counts.Of(filter) + LedgerPages.PageSize - 1) / LedgerPages.PageSize, counts, [.. shown.Select(View)], await Known(found, usage, clock, cancel)));
        }).Needs(Permission.Read);

        retirement.MapGet("/entries/{customer}", async Task<Results<Ok<EntryView>, ProblemHttpResult>> (RetirementId id, CustomerKey customer, FactLog log, LedgerLines lines, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
            await log.Find(id, cancel) is not { } found ? Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem()
            : await log.FindEntry(id, customer, cancel) is { } entry ? TypedResults.Ok(EntryView.Of(found, entry, await lines.Find(id, customer, cancel), await Known(found, usage, clock, cancel)))
            : Refusal.NotFound("customer of this retirement", "该退役中的客户", customer.Value).ToProblem()).Needs(Permission.Read);
    }

    private static Task<Coverage> Known(Retirement retirement, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var today = clock.Today(TimeZoneInfo.Utc);
        return usage.Coverage(retirement.Module, today.AddDays(1 - UsageQuestions.Month), today, cancel);
    }

    private static LedgerLineView View(LedgerLine line) => new(
        line.Customer, new(line.NameEn, line.NameZh), line.Tier, line.Class, line.Manager, line.State, line.OldUsers, line.NewUsers, new(line.ReachEn, line.ReachZh), line.Outlook, line.DoneOn,
        line.ClosesOn, new(line.StepEn, line.StepZh), line.Blocks);
}
