using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Lays the decision before the approvers, with the evidence as it is now.</summary>
internal sealed record SubmitDecision
{
    public Decision Decide(Retirement retirement, DecisionGround ground, DecisionEvidence evidence) =>
        Gathering.NotNow(retirement) is { } refusal ? refusal
        : DecisionGaps.Of(retirement, ground) is [var gap, ..] ? gap.Refusal
        : Decision.Of(Said(retirement, ground)).And(new DecisionSubmitted(evidence, [.. ground.Policy.Approvals.Distinct()]));

    // What was said of a flagged customer where the module is looked at is on record from here on.
    private static IEnumerable<RetirementFact> Said(Retirement retirement, DecisionGround ground) =>
        ground.Flagged.Where(flagged => flagged.Word is not null && !retirement.Deciding.Dependents.ContainsKey(flagged.Customer.Value))
            .Select(flagged => new DependentSettled(flagged.Customer, flagged.Word!.Confirmed, $"{flagged.Word.Reason} ({flagged.Word.By})"));
}

/// <summary>Takes a submitted decision back to work on it. Approvals given so far are void.</summary>
internal sealed record WithdrawDecision(string Reason)
{
    public Decision Decide(Retirement retirement) =>
        retirement.Stage != Stage.Decide || retirement.Deciding.Submission is null ? new Refusal("decision.not-submitted", "The decision does not lie before the approvers.", "决策尚未提交审批。")
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : new DecisionWithdrawn(Reason.Trim());
}

/// <summary>
/// Approves in the name of one role. Nobody approves their own proposal, and one person speaks for one role. With the last required role the
/// retirement is approved and the ledger opens: one entry for each affected customer.
/// </summary>
/// <param name="SubmittedAt">The submission that was looked at: another one is not approved unseen.</param>
internal sealed record ApproveDecision(Role Role, string? Note, DateTimeOffset? SubmittedAt)
{
    public Decision Decide(Retirement retirement, DecisionGround ground, Actor by)
    {
        if (retirement.Stage != Stage.Decide || retirement.Deciding.Submission is not { } submission)
            return new Refusal("decision.not-submitted", "The decision does not lie before the approvers.", "决策尚未提交审批。");
        if (SubmittedAt is { } seen && seen.ToUnixTimeMilliseconds() != submission.At.ToUnixTimeMilliseconds())
            return Refusal.Overtaken;
        if (IsOwn(retirement, submission, by.Id))
            return new Refusal("decision.own", "You proposed or submitted this, or accepted what is not known of it; somebody else must approve it.", "该提议由您提出或提交，或其中未知的使用情况由您接受，须由他人批准。", StatusCodes.Status403Forbidden);
        if (!submission.Required.Contains(Role))
            return new Refusal("decision.role-not-asked", $"The approval of {Of(Role).En} is not asked for. Asked for: {string.Join(", ", submission.Required.Select(role => Of(role).En))}.", $"无需{Of(Role).Zh}批准。需要：{string.Join("、", submission.Required.Select(role => Of(role).Zh))}。") { Field = "role" };
        if (!by.Roles.Contains(Role))
            return new Refusal("decision.not-your-role", $"You do not have the role {Of(Role).En}.", $"您没有{Of(Role).Zh}角色。", StatusCodes.Status403Forbidden) { Field = "role" };
        if (submission.Votes.FirstOrDefault(vote => vote.Role == Role) is { } given)
            return Same(given.By, by.Id) ? Decision.Nothing : new Refusal("decision.role-taken", $"{given.By} has approved for {Of(Role).En} already.", $"{given.By} 已代表{Of(Role).Zh}批准。");
        if (submission.Votes.FirstOrDefault(vote => Same(vote.By, by.Id)) is { } own)
            return new Refusal("decision.one-role", $"You have approved for {Of(own.Role).En}; one person speaks for one role.", $"您已代表{Of(own.Role).Zh}批准；一人只能代表一个角色。");
        if (SubmittedAt is null)
            return new Refusal("decision.unseen", $"Say which submission you approve: submittedAt is {submission.At.UtcDateTime:O}.", $"请注明所批准的提交：submittedAt 为 {submission.At.UtcDateTime:O}。") { Field = "submittedAt" };
        if (Note?.Length > Given.Longest)
            return new Refusal("text.too-long", $"Keep the note under {Given.Longest} characters.", $"备注请控制在 {Given.Longest} 个字符以内。") { Field = "note" };
        if (DecisionGaps.Of(retirement, ground) is [var gap, ..])
            return new Refusal(gap.Code, $"Since it was submitted a question has opened: {gap.Sentence.En} The decision has to be taken back, answered and submitted again.",
                $"提交之后出现了新的问题：{gap.Sentence.Zh}请先撤回决策，补充后重新提交。");

        var approved = Decision.Of(new RoleApproved(Role, (Note ?? "").Trim()));
        return submission.Waiting.Any(role => role != Role) ? approved : approved.And(new RetirementApproved()).And(OpenLedger(ground.Affected));
    }

    /// <summary>Whether a part that needs a second pair of eyes is theirs.</summary>
    public static bool IsOwn(Retirement retirement, Submission submission, string person) =>
        Same(person, retirement.ProposedBy) || Same(person, submission.By) || retirement.Deciding.UnknownUse is { } accepted && Same(person, accepted.By);

    public static Decision OpenLedger(IEnumerable<AffectedCustomer> customers) =>
        Decision.All(customers.Select(customer => ((CustomerKey?)customer.Key, (Fact)customer.Opening)));

    private static Text Of(Role role) => Console.Words.TextOf(role);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
