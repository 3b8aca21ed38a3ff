using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Migrate;

/// <summary>Answers for everybody and for one customer, as the pages' forms write them.</summary>
public sealed class FaqTests
{
    private static readonly (string, string)[] Words =
    [
        ("FaqForm.QuestionEn", "How do bots move?"), ("FaqForm.AnswerEn", "By the new token."), ("FaqForm.QuestionZh", "机器人如何迁移？"), ("FaqForm.AnswerZh", "使用新令牌。"),
    ];

    [Theory, EachDatabase]
    public async Task An_answer_for_one_customer_is_written_changed_read_at_the_desk_and_removed(Database database)
    {
        await using var scene = await On(database);
        using var su = await Browser.SignIn(scene.Server, "su@vendor.test", Role.Support);
        var path = $"/retirements/{scene.Id}/ledger/huaxin";

        (await su.Submit(await su.Open(path), "faq", Words)).Done();
        var written = Assert.Single((await scene.Entry(Huaxin)).Move.Faq);
        Assert.Contains("How do bots move?", (await su.Open("/support?q=huaxin")).Text);
        Assert.DoesNotContain("How do bots move?", (await su.Open("/support?q=meiya")).Text);

        (await su.Submit(await su.Open(path), $"faq-{written.Id:N}", ("FaqForm.AnswerEn", "By a token of their own."))).Done();
        var changed = Assert.Single((await scene.Entry(Huaxin)).Move.Faq);
        Assert.Equal((written.Id, "By a token of their own.", "使用新令牌。"), (changed.Id, changed.Answer.En, changed.Answer.Zh));

        (await su.Submit(await su.Open(path), $"faq-remove-{written.Id:N}")).Done();
        Assert.Empty((await scene.Entry(Huaxin)).Move.Faq);
    }

    [Theory, EachDatabase]
    public async Task An_answer_for_everybody_is_written_and_removed_on_the_page_of_migration(Database database)
    {
        await using var scene = await On(database);
        using var su = await Browser.SignIn(scene.Server, "su@vendor.test", Role.Support);
        var path = $"/retirements/{scene.Id}/migrate";

        (await su.Submit(await su.Open(path), "faq", Words)).Done();
        var written = Assert.Single((await scene.Retirement()).Migrating.Faq);
        (await su.Submit(await su.Open(path), $"faq-remove-{written.Id:N}")).Done();

        Assert.Empty((await scene.Retirement()).Migrating.Faq);
    }

    [Theory, EachDatabase]
    public async Task An_answer_in_one_language_is_refused_and_what_was_written_stands_in_the_form(Database database)
    {
        await using var scene = await On(database);
        using var su = await Browser.SignIn(scene.Server, "su@vendor.test", Role.Support);

        var page = await su.Submit(await su.Open($"/retirements/{scene.Id}/ledger/huaxin"), "faq", [.. Words[..3], ("FaqForm.AnswerZh", " ")]);

        Assert.Equal("answerZh.missing", page.Refused);
        Assert.Equal("By the new token.", page.Document.QuerySelector("textarea[name='FaqForm.AnswerEn']")!.TextContent);
        Assert.Empty((await scene.Entry(Huaxin)).Move.Faq);
    }
}
