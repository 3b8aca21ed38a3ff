using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A named person follows this customer until it has moved (G3).</summary>
internal sealed record AssignFollowUp(string To, DateOnly? NextOn, string NextStep)
{
    /// <param name="nobody">Why nothing can be given to them; null where it can.</param>
    public Decision Decide(LedgerEntry entry, Refusal? nobody, DateOnly today) =>
        Required.Words(To, "to", new("who follows this customer", "由谁跟进该客户"), 200) is { } missing ? missing
        : nobody is not null ? nobody
        : Required.Short(NextStep, "nextStep", 500) is { } tooLong ? tooLong
        : NextOn < today ? LogFollowUp.Past
        : Decision.Of(entry.Customer, new FollowUpAssigned(To.Trim(), NextOn, NextStep.Trim()));
}

/// <summary>What came of a call, a visit or a message, and what comes next.</summary>
internal sealed record LogFollowUp(FollowUpOutcome Outcome, string Note, DateOnly? NextOn, string NextStep)
{
    internal static Refusal Past => new("follow-up.past", "The next date must be today or later.", "下次跟进日期须为今天或以后。") { Field = "nextOn" };

    public Decision Decide(LedgerEntry entry, DateOnly today) =>
        Required.Words(Note, "note", new("what was said", "沟通内容")) is { } missing ? missing
        : !Enum.IsDefined(Outcome) ? new Refusal("follow-up.outcome", "Choose how it ended: reached, no-answer, promised, needs-help or refuses.", "请选择结果：reached、no-answer、promised、needs-help 或 refuses。") { Field = "outcome" }
        : Required.Short(NextStep, "nextStep", 500) is { } tooLong ? tooLong
        : NextOn < today ? Past
        : Decision.Of(entry.Customer, new FollowUpLogged(Outcome, Note.Trim(), NextOn, NextStep.Trim()));
}
