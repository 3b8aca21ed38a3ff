using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A question and its agreed answer in both languages, for every customer or for one (G4).</summary>
internal sealed record WriteFaq(Guid Id, Text Question, Text Answer)
{
    private const int Most = 100;

    public Decision ForAll(Retirement retirement) => Bounds(retirement.Migrating.Faq) is { } refusal ? refusal : new FaqWritten(Id, Question, Answer);

    public Decision ForOne(LedgerEntry entry) => Bounds(entry.Move.Faq) is { } refusal ? refusal : Decision.Of(entry.Customer, new CustomerFaqWritten(Id, Question, Answer));

    private Refusal? Bounds(IReadOnlyCollection<Faq> known) =>
        Required.Words(Question.En, "question", new("the question in English", "英文问题"), 500)
        ?? Required.Words(Question.Zh, "questionZh", new("the question in Chinese", "中文问题"), 500)
        ?? Required.Words(Answer.En, "answer", new("the answer in English", "英文答复"), 4000)
        ?? Required.Words(Answer.Zh, "answerZh", new("the answer in Chinese", "中文答复"), 4000)
        ?? (known.Count >= Most && known.All(one => one.Id != Id)
            ? new Refusal("faq.too-many", $"{Most} answers are enough for anybody; remove one first.", $"最多 {Most} 条常见问题，请先删除一条。")
            : null);
}

internal sealed record RemoveFaq(Guid Id)
{
    public Decision Decide(Retirement retirement) =>
        retirement.Migrating.Faq.Any(one => one.Id == Id) ? new FaqRemoved(Id) : Refusal.NotFound("answer", "常见问题", Id.ToString("N"));

    public Decision ForOne(LedgerEntry entry) =>
        entry.Move.Faq.Any(one => one.Id == Id) ? Decision.Of(entry.Customer, new CustomerFaqRemoved(Id)) : Refusal.NotFound("answer", "常见问题", Id.ToString("N"));
}
