using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Migrate;

public sealed class HelpTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    [Fact]
    public void A_request_stays_open_until_it_is_answered()
    {
        var asked = Told.Entry(new RequestHelp(Id, "How do bots move?", "li@huaxin.test").Decide(Told.Migrating(), Told.Entry()).Answered<HelpRequested>());
        var answered = asked.Then("su@vendor.test", new AnswerHelp(Id, "With the bot wizard.").Decide(asked).Answered<HelpAnswered>());

        Assert.Single(asked.Move.OpenHelp);
        Assert.Empty(answered.Move.OpenHelp);
        Assert.Equal(("With the bot wizard.", "su@vendor.test"), (answered.Move.Help[0].Answer, answered.Move.Help[0].AnsweredBy));
    }

    [Fact]
    public void The_same_request_sent_twice_is_one_request() =>
        Assert.Empty(new RequestHelp(Id, "How?", "li@huaxin.test").Decide(Told.Migrating(), Told.Entry(new HelpRequested(Id, "How?", "li@huaxin.test"))).Facts);

    [Fact]
    public void A_question_of_4000_characters_is_taken_and_one_more_is_refused()
    {
        new RequestHelp(Id, new string('?', 4000), "li@huaxin.test").Decide(Told.Migrating(), Told.Entry()).Answered<HelpRequested>();
        new RequestHelp(Id, new string('?', 4001), "li@huaxin.test").Decide(Told.Migrating(), Told.Entry()).Refused("question.too-long");
    }

    [Fact]
    public void The_twenty_first_open_question_asks_for_a_call()
    {
        var nineteen = Told.Entry([.. Enumerable.Range(0, 19).Select(_ => new HelpRequested(Guid.CreateVersion7(), "How?", "li@huaxin.test"))]);
        var twenty = nineteen.Then("li@huaxin.test", new RequestHelp(Id, "How?", "li@huaxin.test").Decide(Told.Migrating(), nineteen).Answered<HelpRequested>());

        new RequestHelp(Guid.CreateVersion7(), "How?", "li@huaxin.test").Decide(Told.Migrating(), twenty).Refused("help.too-many");
    }

    [Fact]
    public void An_answer_is_given_once() =>
        new AnswerHelp(Id, "Again").Decide(Told.Entry(new HelpRequested(Id, "How?", "li"), new HelpAnswered(Id, "So."))).Refused("help.answered");

    [Fact]
    public void An_unknown_request_cannot_be_answered() => new AnswerHelp(Id, "So.").Decide(Told.Entry()).Refused("not-found");
}
