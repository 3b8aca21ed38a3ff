using System.Collections.Frozen;
using System.Collections.Immutable;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Decide;

public sealed class ApprovalTests
{
    private static readonly RetirementId Id = RetirementId.New();
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly Text Words = new("words", "词语");

    private static readonly AffectedCustomer Huaxin = new(new("huaxin"), new EntryOpened(new("Huaxin Bank", "华信银行"), "enterprise", CustomerClass.Key, null, "Asia/Shanghai", "zh-CN"), new(2026, 11, 20), null, 1, "CNY", 180, "CN");

    private static readonly DecisionGround Ground = new(
        new NoticePolicy(), [new Module { Key = new("rooms-legacy"), Capabilities = ["rooms"] }, new Module { Key = new("spaces") }], [], [], [Huaxin], new Coverage(new(2025, 10, 19), new(2026, 11, 22), [], 400, [], true));

    private static readonly DecisionEvidence Seen = new(new(2026, 11, 21), 1, 2, 3, null, Words, 1, ImmutableSortedDictionary<string, decimal>.Empty, null, null);

    [Fact]
    public void With_the_last_required_role_the_retirement_is_approved_and_the_ledger_opens()
    {
        var three = Approved(Submitted(), ("pan", Role.Product), ("eng", Role.Engineering), ("sun", Role.Support));

        var last = new ApproveDecision(Role.Compliance, " Fine. ", Now).Decide(three, Ground, Person("law", Role.Compliance));

        Assert.Null(last.Refusal);
        Assert.Equal([new RoleApproved(Role.Compliance, "Fine."), new RetirementApproved(), Huaxin.Opening], last.Facts.Select(fact => fact.Fact));
        Assert.Equal(new CustomerKey("huaxin"), last.Facts[^1].Customer);
    }

    [Fact]
    public void One_role_before_the_last_approves_nothing_yet() =>
        Assert.Single(new ApproveDecision(Role.Support, null, Now).Decide(Approved(Submitted(), ("pan", Role.Product), ("eng", Role.Engineering)), Ground, Person("sun", Role.Support)).Facts);

    [Theory]
    [InlineData("lin@vendor.test")]
    [InlineData("Lin@Vendor.test")]
    public void Nobody_approves_their_own_proposal(string email) =>
        Assert.Equal("decision.own", new ApproveDecision(Role.Product, null, Now).Decide(Submitted(), Ground, Person(email, Role.Product)).Refusal?.Code);

    [Fact]
    public void Nor_what_they_submitted_for_somebody_else() =>
        Assert.Equal("decision.own", new ApproveDecision(Role.Product, null, Now).Decide(Submitted(by: "sub@vendor.test"), Ground, Person("sub@vendor.test", Role.Product)).Refusal?.Code);

    [Fact]
    public void Nor_a_decision_whose_unknown_use_they_have_accepted_themselves()
    {
        var accepted = Fold(Gathered(), Decision.Of(new UnknownUseAccepted("Asked.")), "pan");
        var submitted = Fold(accepted, new SubmitDecision().Decide(accepted, Ground, Seen), "lin@vendor.test");

        Assert.Equal("decision.own", new ApproveDecision(Role.Product, null, Now).Decide(submitted, Ground, Person("pan", Role.Product)).Refusal?.Code);
        Assert.Null(new ApproveDecision(Role.Product, null, Now).Decide(submitted, Ground, Person("eva", Role.Product)).Refusal);
    }

    [Fact]
    public void One_person_speaks_for_one_role()
    {
        var one = Approved(Submitted(), ("pan", Role.Product));

        Assert.Equal("decision.one-role", new ApproveDecision(Role.Engineering, null, Now).Decide(one, Ground, Person("pan", Role.Product, Role.Engineering)).Refusal?.Code);
    }

    [Fact]
    public void A_role_speaks_once()
    {
        var one = Approved(Submitted(), ("pan", Role.Product));

        Assert.Equal("decision.role-taken", new ApproveDecision(Role.Product, null, Now).Decide(one, Ground, Person("other", Role.Product)).Refusal?.Code);
        Assert.Empty(new ApproveDecision(Role.Product, null, Now).Decide(one, Ground, Person("pan", Role.Product)).Facts);
    }

    [Theory]
    [InlineData(Role.Sales, "decision.role-not-asked")]
    [InlineData(Role.Engineering, "decision.not-your-role")]
    internal void One_approves_for_a_role_that_is_asked_for_and_that_one_has(Role role, string code) =>
        Assert.Equal(code, new ApproveDecision(role, null, Now).Decide(Submitted(), Ground, Person("pan", Role.Product, Role.Sales)).Refusal?.Code);

    [Fact]
    public void What_is_not_submitted_cannot_be_approved() =>
        Assert.Equal("decision.not-submitted", new ApproveDecision(Role.Product, null, Now).Decide(Gathered(), Ground, Person("pan", Role.Product)).Refusal?.Code);

    [Fact]
    public void Nobody_is_no_answer_where_nothing_is_known_unless_somebody_says_why_it_is_enough()
    {
        var blind = Ground with { Affected = [], Use = Ground.Use with { CoveredDays = 0, Sufficient = false } };
        Assert.Equal("usage.unknown", new SubmitDecision().Decide(Gathered(), blind, Seen).Refusal?.Code);

        var accepted = new AcceptUnknownUse(" The gateway never counted it; every account manager asked. ").Decide(Gathered()).Facts.Single().Fact;
        Assert.Equal(new UnknownUseAccepted("The gateway never counted it; every account manager asked."), accepted);
        Assert.Null(new SubmitDecision().Decide(Fold(Gathered(), Decision.Of(new UnknownUseAccepted("Asked.")), "lin"), blind, Seen).Refusal);
        Assert.Equal("text.missing", new AcceptUnknownUse(" ").Decide(Gathered()).Refusal?.Code);
    }

    [Fact]
    public void What_was_said_of_every_flag_on_the_modules_page_needs_no_saying_again_and_goes_into_the_record()
    {
        var flagged = new FlaggedDependent(new("meiya"), new("Meiya", "美雅"), [Words]);
        Assert.Equal("dependents.unsettled", new SubmitDecision().Decide(Gathered(), Ground with { Flagged = [flagged] }, Seen).Refusal?.Code);

        var said = flagged with { Word = new Settled(true, "They close their books with it.", "yue@vendor.test", Now) };
        var facts = new SubmitDecision().Decide(Gathered(), Ground with { Flagged = [said] }, Seen).Facts.Select(fact => fact.Fact).ToList();
        Assert.Equal(new DependentSettled(new("meiya"), true, "They close their books with it. (yue@vendor.test)"), facts[0]);
        Assert.IsType<DecisionSubmitted>(Assert.Single(facts.Skip(1)));
    }

    [Fact]
    public void A_dependent_found_after_the_submission_stops_the_approval()
    {
        var found = Ground with { Flagged = [new FlaggedDependent(new("meiya"), new("Meiya", "美雅"), [Words])] };

        var refusal = new ApproveDecision(Role.Product, null, Now).Decide(Submitted(), found, Person("pan", Role.Product)).Refusal;
        Assert.Equal("dependents.unsettled", refusal?.Code);
        Assert.EndsWith("taken back, answered and submitted again.", refusal!.Sentence.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_that_is_being_retired_meanwhile_stops_the_approval()
    {
        var found = Ground with { Others = [new Retirement(RetirementId.New()) { Module = new("spaces") }] };

        Assert.Equal("replacement.retiring", new ApproveDecision(Role.Product, null, Now).Decide(Submitted(), found, Person("pan", Role.Product)).Refusal?.Code);
    }

    [Fact]
    public void Taking_a_decision_back_voids_the_approvals_given()
    {
        var one = Approved(Submitted(), ("pan", Role.Product));

        var back = Fold(one, new WithdrawDecision("A figure was wrong.").Decide(one), "lin@vendor.test");

        Assert.Null(back.Deciding.Submission);
        Assert.Empty(Fold(back, new SubmitDecision().Decide(back, Ground, Seen), "lin@vendor.test").Deciding.Submission!.Votes);
    }

    [Fact]
    public void What_was_submitted_anew_is_not_approved_unseen()
    {
        Assert.Equal("decision.unseen", new ApproveDecision(Role.Product, null, null).Decide(Submitted(), Ground, Person("pan", Role.Product)).Refusal?.Code);
        Assert.Equal(Refusal.Overtaken, new ApproveDecision(Role.Product, null, Now.AddMinutes(-1)).Decide(Submitted(), Ground, Person("pan", Role.Product)).Refusal);
    }

    [Fact]
    public void Evidence_cannot_change_under_the_eyes_of_the_approvers() =>
        Assert.Equal("decision.submitted", new StateCost("CNY", [new(new(2026, 10, 1), 1, 1, 1, null)]).Decide(Submitted()).Refusal?.Code);

    [Theory]
    [InlineData("2026-11-22", "defer.day")]
    [InlineData("2026-11-23", null)]
    [InlineData("2029-11-22", null)]
    [InlineData("2029-11-23", "defer.day")]
    public void A_decision_is_put_off_to_a_day_in_the_next_three_years(string day, string? code) =>
        Assert.Equal(code, new DeferRetirement(DateOnly.Parse(day, null), "Not now.").Decide(Gathered(), new(2026, 11, 22)).Refusal?.Code);

    [Fact]
    public void Only_a_role_that_is_asked_for_may_reject()
    {
        Assert.Equal("decision.not-your-role", new RejectRetirement("No.").Decide(Submitted(), Ground.Policy, Person("sam", Role.Sales)).Refusal?.Code);
        Assert.Equal(Stage.Rejected, Fold(Submitted(), new RejectRetirement("No.").Decide(Submitted(), Ground.Policy, Person("eng", Role.Engineering)), "eng").Stage);
    }

    [Fact]
    public void A_retirement_that_has_closed_somebody_is_not_cancelled()
    {
        var closed = new LedgerEntry(Id, new("huaxin")) { ClosedAt = Now };

        Assert.Equal("cancel.closed", new CancelRetirement("Stop.").Decide(Gathered() with { Stage = Stage.Close }, [closed], Now).Refusal?.Code);
        Assert.Null(new CancelRetirement("Stop.").Decide(Gathered() with { Stage = Stage.Close }, [closed with { ClosedAt = null }], Now).Refusal);
    }

    [Theory]
    [InlineData(Stage.Close)]
    [InlineData(Stage.Observe)]
    public void Once_the_module_is_back_for_everybody_closed_it_can_be_kept_for_good(Stage stage)
    {
        var (open, closed) = (new Restore(Now, Now.AddHours(1), "It hurts.", "ops"), new LedgerEntry(Id, new("huaxin")) { ClosedAt = Now.AddDays(-1) });
        Retirement At(Restore? restore) => Gathered() with { Stage = stage, Restore = restore };
        Decision Cancel(Retirement retirement, LedgerEntry entry, DateTimeOffset now) => new CancelRetirement("It stays.").Decide(retirement, [entry], now);

        Assert.IsType<RetirementCancelled>(Assert.Single(Cancel(At(open), closed, Now).Facts).Fact);
        Assert.IsType<RetirementCancelled>(Assert.Single(Cancel(At(null), closed with { Restore = open }, Now).Facts).Fact);
        Assert.Equal("cancel.closed", Cancel(At(open), closed, Now.AddHours(1)).Refusal?.Code);
    }

    [Fact]
    public void What_was_compared_can_be_chosen_and_becomes_the_first_alternative()
    {
        var modules = new[] { new Module { Key = new("rooms-legacy") }, new Module { Key = new("spaces") }, new Module { Key = new("teams") } };
        var two = Fold(Gathered(), new AddAlternative(new("teams")).Decide(Gathered(), modules, []), "lin@vendor.test");

        var chosen = Fold(two, new ChooseReplacement(new("teams"), "It covers more.").Decide(two, modules, []), "lin@vendor.test");

        Assert.Equal(("teams", "teams", "spaces"), (chosen.Replacement?.Value, chosen.Deciding.Alternatives[0].Value, chosen.Deciding.Alternatives[1].Value));
        Assert.Empty(new ChooseReplacement(new("teams"), "Again.").Decide(chosen, modules, []).Facts);
        Assert.Equal("replacement.retiring", new ChooseReplacement(new("spaces"), "Back.").Decide(chosen, modules, [new Retirement(RetirementId.New()) { Module = new("spaces") }]).Refusal?.Code);
        Assert.Null(Fold(chosen, new ChooseReplacement(null, "Nothing does.").Decide(chosen, modules, []), "lin@vendor.test").Replacement);
        Assert.Equal("decision.submitted", new ChooseReplacement(null, "Late.").Decide(Submitted(), modules, []).Refusal?.Code);
    }

    [Fact]
    public void A_line_that_is_not_fully_covered_needs_a_note()
    {
        var open = Gathered();

        Assert.Equal("text.missing", new CompareCapability(new("spaces"), "rooms", CapabilityCoverage.Partly, false, "").Decide(open).Refusal?.Code);
        Assert.Equal("text.missing", new CompareCapability(new("spaces"), "rooms", CapabilityCoverage.Covered, true, " ").Decide(open).Refusal?.Code);
        Assert.Null(new CompareCapability(new("spaces"), "rooms", CapabilityCoverage.Partly, false, "No threads.").Decide(open).Refusal);
    }

    [Fact]
    public void An_alternative_is_proven_only_when_everything_is_covered_and_nothing_worse()
    {
        var proven = Gathered();

        Assert.True(proven.Deciding.Proven(new("spaces")));
        Assert.False(Fold(proven, new CompareCapability(new("spaces"), "rooms", CapabilityCoverage.Covered, true, "Slower.").Decide(proven), "lin").Deciding.Proven(new("spaces")));
        Assert.False(proven.Deciding.Proven(null));
    }

    private static Retirement Gathered() => new Step[]
    {
        new(new RetirementProposed(new("rooms-legacy"), new("spaces"), Words, "wang@vendor.test", [new(ReasonKind.BusinessStrategy, Words)])),
        new(new CapabilitiesListed(["rooms"])),
        new(new CostStated("CNY", [new(new(2026, 10, 1), 1, 1, 1, null)])),
        new(new CapabilityCompared(new("spaces"), "rooms", CapabilityCoverage.Covered, false, "")),
        new(new VoiceHeard(Role.Operations, Leaning.For, "Yes.")),
        new(new VoiceHeard(Role.Support, Leaning.For, "Yes.")),
        new(new ResearchHeld(new("huaxin"), new(2026, 11, 20), "Zhao Min", "Fine.")),
    }.Aggregate(new Retirement(Id), (state, step) => state.Apply(new Recorded(Id, null, state.Version + 1, Now, "lin@vendor.test", step.Fact)));

    private static Retirement Submitted(string by = "lin@vendor.test") => Fold(Gathered(), new SubmitDecision().Decide(Gathered(), Ground, Seen), by);

    private static Retirement Approved(Retirement retirement, params (string By, Role Role)[] votes) =>
        votes.Aggregate(retirement, (state, vote) => Fold(state, new ApproveDecision(vote.Role, null, Now).Decide(state, Ground, Person(vote.By, vote.Role)), vote.By));

    private static Actor Person(string id, params Role[] roles) => new(id, id, roles.ToFrozenSet(), Permissions.Of(roles));

    private static Retirement Fold(Retirement retirement, Decision decision, string by)
    {
        Assert.Null(decision.Refusal);
        return decision.Facts.Where(fact => fact.Customer is null).Aggregate(retirement, (state, fact) => state.Apply(new Recorded(Id, null, state.Version + 1, Now, by, fact.Fact)));
    }

    private sealed record Step(RetirementFact Fact);
}
