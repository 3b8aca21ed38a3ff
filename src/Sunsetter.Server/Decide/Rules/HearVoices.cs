using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>A voice from the front line, signed by the one who gives it (A4).</summary>
/// <param name="From">One of the speaker's own roles.</param>
internal sealed record GiveVoice(Role From, Leaning Leaning, string Words)
{
    public Decision Decide(Retirement retirement, IReadOnlyCollection<Role> roles) =>
        retirement.Stage != Stage.Decide ? new Refusal("decision.over", "The decision is made; a voice would come too late. Tell the owner.", "决策已作出，请直接联系负责人。")
        : !roles.Contains(From) ? new Refusal("voice.not-your-role", $"You do not have the role {Console.Words.TextOf(From).En}; speak for one of your own.", $"您没有{Console.Words.TextOf(From).Zh}角色，请以自己的角色发言。") { Field = "from" }
        : !Enum.IsDefined(Leaning) ? new Refusal("voice.leaning", "A voice is for, concerned or against.", "意见为 for、concerned 或 against。") { Field = "leaning" }
        : Given.Missing(Words, "words") is { } missing ? missing
        : new VoiceHeard(From, Leaning, Words.Trim());
}

/// <summary>A talk with an affected customer about the plan, signed by the one who held it (A4).</summary>
internal sealed record RecordResearch(CustomerKey Customer, DateOnly On, string With, string Finding)
{
    public Decision Decide(Retirement retirement, IReadOnlyCollection<CustomerKey> customers, DateOnly today) =>
        retirement.Stage != Stage.Decide ? new Refusal("decision.over", "The decision is made; log the talk in the ledger.", "决策已作出，请在台账中记录沟通。")
        : !customers.Contains(Customer) ? Refusal.NotFound("customer", "客户", Customer.Value) with { Field = "customer" }
        : On > today ? new Refusal("research.future", "The talk has not taken place yet.", "该沟通尚未发生。") { Field = "on" }
        : (Given.Missing(With, "with", 200) ?? Given.Missing(Finding, "finding")) is { } missing ? missing
        : new ResearchHeld(Customer, On, With.Trim(), Finding.Trim());
}
