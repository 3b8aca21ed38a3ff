using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Campaigns;

/// <summary>Mail to a real server.</summary>
public sealed class SendingTests
{
    private static readonly RetirementId Retirement = RetirementId.New();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_mail_asked_for_three_times_is_sent_once_with_both_parts_in_Chinese(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var server = await Server(database, postfix.Port);
        for (var time = 0; time < 3; time++)
        {
            await server.Get<Outbox>().Add([Draft("anna@huaxin.test")], Cancel);
            await server.Tick();
        }

        var mail = Assert.Single(await postfix.WaitForMailAsync("anna@huaxin.test", Cancel));
        Assert.Equal(("旧版群聊室将停止服务", "您好，<旧版群聊室>将停止。", "auto-generated", "zh-CN"),
            (mail.Subject, mail.TextBody?.Trim(), mail.Headers["Auto-Submitted"], mail.Body!.Headers["Content-Language"]));
        Assert.Contains("<p>您好", mail.HtmlBody);
        var row = await Only(server);
        Assert.Equal((MessageState.Sent, mail.MessageId), (row.State, row.MessageId));
    }

    [Theory, EachDatabase]
    public async Task A_mailbox_that_is_gone_fails_for_good_and_says_so(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var server = await Server(database, postfix.Port);
        await server.Get<Outbox>().Add([Draft("gone.li@huaxin.test")], Cancel);

        await server.Tick();

        var row = await Only(server);
        Assert.Equal((MessageState.Failed, true, "smtp.550"), (row.State, row.RecipientGone, row.FailureCode));
    }

    [Theory, EachDatabase]
    public async Task A_busy_mailbox_is_tried_again_later_with_the_same_message_id_and_given_up_after_four_days(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var server = await Server(database, postfix.Port);
        await server.Get<Outbox>().Add([Draft("busy.wu@huaxin.test")], Cancel);
        await server.Tick();
        var first = await Only(server);
        Assert.Equal((MessageState.Waiting, 1), (first.State, first.Attempts));
        Assert.InRange(first.NextAttemptAt - ServerUnderTest.Start, TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(36));

        await server.Tick(TimeSpan.FromSeconds(23));
        Assert.Equal(1, (await Only(server)).Attempts);
        await server.Tick(TimeSpan.FromSeconds(14));
        var second = await Only(server);
        Assert.Equal((2, first.MessageId), (second.Attempts, second.MessageId));

        await server.Tick(Backoff.GiveUpAfter);
        var last = await Only(server);
        Assert.Equal((MessageState.Failed, false), (last.State, last.RecipientGone));
    }

    [Theory, EachDatabase]
    public async Task What_a_connector_did_not_foresee_is_an_attempt_that_failed(Database database)
    {
        var broken = new Broken();
        await using var server = await ServerUnderTest.On(database, services => services.AddSingleton<IConnector>(broken));
        await server.Get<Outbox>().Add([.. new[] { "anna@huaxin.test", "bo@huaxin.test" }.Select(to => Draft(to)).Select(draft => draft with { Key = draft.Key with { Channel = broken.Channel } })], Cancel);

        await server.Tick();
        await server.Tick();

        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.All(await db.Set<MessageRow>().ToListAsync(Cancel), row => Assert.Equal((MessageState.Waiting, "send.unforeseen", 1), (row.State, row.FailureCode, row.Attempts)));
    }

    [Fact]
    public void What_a_foreign_server_says_is_kept_as_whole_characters_without_zeros()
    {
        Assert.Equal(new string('x', 499) + "\uFFFD", Claims.Short(new string('x', 499) + "😀"));
        Assert.Equal("a b", Claims.Short("a\0b"));
    }

    private sealed class Broken : IConnector
    {
        public string Channel => "broken";
        public bool Ready => true;
        public int AtOnce => 1;
        public int PerMinute => 1000;
        public TimeSpan Timeout => TimeSpan.FromSeconds(1);
        public Task<Refusal?> Forbids(string address, CancellationToken cancel) => Task.FromResult<Refusal?>(null);
        public Task<Attempt> Send(OutgoingMessage message, CancellationToken cancel) => throw new NotSupportedException("The side that answers is not of this world.");
    }

    [Theory, EachDatabase]
    public async Task While_the_mail_server_is_down_nothing_is_lost(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        var port = Loopback.FreePort();
        await using var server = await Server(database, port);
        await server.Get<Outbox>().Add([Draft("anna@huaxin.test"), Draft("bo@huaxin.test")], Cancel);
        await server.Tick();
        Assert.Equal(2, await Count(server, MessageState.Waiting));

        await using var postfix = await PostfixServer.StartAsync(Cancel, port);
        await server.Tick(TimeSpan.FromMinutes(1));

        Assert.Equal(2, await Count(server, MessageState.Sent));
        Assert.Single(await postfix.WaitForMailAsync("bo@huaxin.test", Cancel));
    }

    [Theory, EachDatabase]
    public async Task No_more_mails_leave_in_a_minute_than_the_pace_allows(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var server = await Server(database, postfix.Port, "--Mail:PerMinute=3");
        await server.Get<Outbox>().Add([.. Enumerable.Range(0, 5).Select(number => Draft($"user{number}@huaxin.test"))], Cancel);

        await server.Tick();
        Assert.Equal(3, await Count(server, MessageState.Sent));
        await server.Tick(TimeSpan.FromSeconds(59));
        Assert.Equal(3, await Count(server, MessageState.Sent));
        await server.Tick(TimeSpan.FromSeconds(2));
        Assert.Equal(5, await Count(server, MessageState.Sent));
    }

    [Theory, EachDatabase]
    public async Task A_withdrawn_message_is_never_sent_and_the_newest_step_stays(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var outbox = server.Get<Outbox>();
        await outbox.Add([Draft("anna@huaxin.test"), Draft("anna@huaxin.test", "notice-2")], Cancel);

        var withdrawn = await outbox.Withdraw(Retirement, [new CustomerKey("huaxin")], ["notice-2"], Cancel);

        Assert.Equal(1, withdrawn);
        Assert.Equal(["notice-2"], (await outbox.Of(Retirement, Cancel)).Where(message => message.State == MessageState.Waiting).Select(message => message.Step));
    }

    [Fact]
    public void A_bad_mail_setting_stops_the_start_with_a_sentence()
    {
        var refused = Assert.Throws<CannotStart>(() => SunsetterServer.Build(
            new StartOptions(Directory.CreateTempSubdirectory("sunsetter-").FullName, "http://127.0.0.1:0", Demo: false, ["--Mail:Port=65536", "--Mail:From=nobody"])));

        Assert.Contains("Mail:Port is 65536; it must be from 1 to 65535.", refused.Message);
        Assert.Contains("Mail:From is “nobody”", refused.Message);
    }

    private static Task<ServerUnderTest> Server(Database database, int port, params string[] more) =>
        ServerUnderTest.On(database, null, ["--Mail:Host=127.0.0.1", $"--Mail:Port={port}", "--Mail:From=Yunque <notices@vendor.test>", .. more]);

    private static Draft Draft(string to, string step = "notice-1") => new(
        new MessageKey(Retirement, new CustomerKey("huaxin"), step, to, "email"), to,
        new Letter("旧版群聊室将停止服务", "<p>您好，&lt;旧版群聊室&gt;将停止。</p>", "您好，<旧版群聊室>将停止。", "zh-CN"));

    private static async Task<MessageRow> Only(ServerUnderTest server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return await db.Set<MessageRow>().AsNoTracking().SingleAsync(Cancel);
    }

    private static async Task<int> Count(ServerUnderTest server, MessageState state)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return await db.Set<MessageRow>().CountAsync(row => row.State == state, Cancel);
    }
}
