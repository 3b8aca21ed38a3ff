using System.Net;
using System.Text;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>The pages of templates and channels, their forms sent as a browser sends them, to a real mail server and a real listener.</summary>
public sealed class SettingsFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_template_is_changed_seen_in_the_preview_and_brought_back(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);
        const string path = "/settings/templates?name=first&language=en";
        var shipped = new NoticeTemplates().Find("first", "en");

        (await root.Submit(await root.Open(path), "template", ("body", shipped.Body + "\n\nWith kind regards."))).Done();
        Assert.Contains("With kind regards.", (await root.Open(path)).Document.QuerySelector(".letter")!.TextContent);
        (await root.Submit(await root.Open(path), "reset")).Done();

        Assert.Equal(shipped, (await server.Get<Settings>().Get<NoticeTemplates>(Cancel)).Find("first", "en"));
        Assert.DoesNotContain("reset", (await root.Open(path)).Forms);
    }

    [Theory]
    [EachDatabase("Hello.", "lint")]
    [EachDatabase("{% for a in (1..99999) %}{% for b in (1..99999) %}x{% endfor %}{% endfor %}", "template.loops")]
    [EachDatabase("{% include 'secret' %}", "template.forbidden-tag")]
    [EachDatabase("{% if %}", "template.wrong")]
    public async Task A_template_that_may_not_be_sent_is_not_kept_and_stays_in_the_form(Database database, string body, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Submit(await root.Open("/settings/templates?name=first&language=en"), "template", ("body", body));

        Assert.EndsWith(code, page.Refused);
        Assert.Equal(body, page.Document.QuerySelector("textarea[name=body]")!.TextContent);
        Assert.Empty((await server.Get<Settings>().Get<NoticeTemplates>(Cancel)).Changed);
    }

    [Theory, EachDatabase]
    public async Task The_ladder_of_reminders_is_kept_in_falling_order_and_refused_out_of_bounds(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        (await root.Submit(await root.Open("/settings/templates"), "ladder", ("days", "7，30, 365"), ("silence", "60"))).Done();
        var ladder = await server.Get<Settings>().Get<ReminderLadder>(Cancel);
        Assert.Equal([365, 30, 7], ladder.DaysBefore);
        Assert.Equal(60, ladder.SilenceDays);

        foreach (var (days, silence) in new[] { ("366", "7"), ("0", "7"), ("many", "7"), ("30", "61"), ("30", "0") })
            Assert.Equal("ladder.wrong", (await root.Submit(await root.Open("/settings/templates"), "ladder", ("days", days), ("silence", silence))).Refused);
    }

    [Theory, EachDatabase]
    public async Task A_test_mail_arrives_and_one_to_nobody_is_told_with_the_servers_words(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var server = await ServerUnderTest.On(database, null, "--Mail:Host=127.0.0.1", $"--Mail:Port={postfix.Port}", "--Mail:From=Yunque <notices@vendor.test>");
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var sent = await root.Submit(await root.Open("/settings/channels"), "test-mail", ("to", "me@vendor.test"));
        sent.Done();
        Assert.Contains("The test went out: me@vendor.test", (await root.Open(sent.To!)).Text);
        Assert.Contains("If you can read it, the channel works.", Assert.Single(await postfix.WaitForMailAsync("me@vendor.test", Cancel)).TextBody);

        var gone = await root.Submit(await root.Open("/settings/channels"), "test-mail", ("to", "gone.li@vendor.test"));
        Assert.Equal("smtp.550", gone.Refused);
    }

    [Theory]
    [EachDatabase("slack", "ok"), EachDatabase("wecom", """{"errcode":0}"""), EachDatabase("dingtalk", """{"errcode":0}"""), EachDatabase("feishu", """{"code":0}""")]
    public async Task A_channel_is_added_tested_against_a_real_listener_and_removed(Database database, string kind, string answer)
    {
        await using var robot = await RobotListener.Start(200, answer);
        await using var server = await ServerUnderTest.On(database, null, "--Webhooks:AllowPrivate=127.0.0.0/8");
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        (await root.Submit(await root.Open("/settings/channels"), "add", ("name", "community"), ("kind", kind), ("url", robot.Url), ("secret", "SEC1"), ("language", "en"))).Done();
        (await root.Submit(await root.Open("/settings/channels"), "test-community")).Done();
        Assert.Contains("This is a test from Sunsetter.", Encoding.UTF8.GetString(robot.Received!));
        (await root.Submit(await root.Open("/settings/channels"), "remove-community")).Done();

        Assert.Empty((await server.Get<Settings>().Get<ChatChannels>(Cancel)).Channels);
    }

    [Theory]
    [EachDatabase("http://127.0.0.1:9/hook", "webhook.private-address"), EachDatabase("https://169.254.169.254/latest", "webhook.private-address"), EachDatabase("https://localhost/hook", "webhook.private-address")]
    [EachDatabase("https://[::1]/hook", "webhook.private-address"), EachDatabase("https://me:secret@example.com/", "webhook.bad-address"), EachDatabase("ftp://example.com/", "webhook.bad-address"), EachDatabase("hook", "webhook.bad-address")]
    public async Task A_webhook_to_a_private_or_strange_address_is_refused_when_it_is_entered_and_not_kept(Database database, string url, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Submit(await root.Open("/settings/channels"), "add", ("name", "community"), ("url", url));

        Assert.Equal(code, page.Refused);
        Assert.Equal(url, page.Document.QuerySelector("input[name=url]")!.GetAttribute("value"));
        Assert.Empty((await server.Get<Settings>().Get<ChatChannels>(Cancel)).Channels);
    }

    [Theory, EachDatabase]
    public async Task A_form_without_our_token_changes_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var answer = await root.Submit(await root.Open("/settings/templates?name=first&language=en"), "template", ("body", "Hello."), ("__RequestVerificationToken", ""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty((await server.Get<Settings>().Get<NoticeTemplates>(Cancel)).Changed);
    }
}
