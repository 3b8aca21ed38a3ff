using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Connectors;
using Sunsetter.Server.Connectors.TeamChat;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Connectors;

public sealed class WebhookTests
{
    private static readonly Letter Letter = new("旧版群聊室将停止", "", "请看 <公告>。", "zh-CN");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1"), InlineData("10.255.255.255"), InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.168.0.1"), InlineData("169.254.169.254")]
    [InlineData("100.64.0.1"), InlineData("0.0.0.0"), InlineData("::1"), InlineData("fe80::1"), InlineData("fd00::1"), InlineData("::ffff:127.0.0.1"), InlineData("64:ff9b::7f00:1"), InlineData("::7f00:1"), InlineData("fec0::1"), InlineData("224.0.0.1")]
    public void A_private_address_is_refused(string address) => Assert.False(new OutsideTarget([]).Permits(IPAddress.Parse(address)));

    [Theory]
    [InlineData("172.15.255.255"), InlineData("172.32.0.0"), InlineData("11.0.0.0"), InlineData("100.128.0.0"), InlineData("2400:3200::1")]
    public void A_public_address_beside_a_private_network_is_permitted(string address) => Assert.True(new OutsideTarget([]).Permits(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_after_it_is_resolved()
    {
        using var client = new WebhookClient(new OutsideTarget([]));

        var attempt = await client.Post("http://localhost:9/hook", [], _ => new Attempt.Accepted(), Cancel);

        Assert.Equal("webhook.private-address", Assert.IsType<Attempt.Refused>(attempt).Code);
    }

    /// <summary>Expected values made with <c>printf '%s\n%s' 1700000000000 SEC1 | openssl dgst -sha256 -hmac SEC1 -binary | base64</c>.</summary>
    [Fact]
    public void Ding_talk_and_feishu_signatures_equal_those_of_openssl()
    {
        Assert.Equal("ukR4+WoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio=", DingTalkRobot.Sign(1700000000000, "SEC1"));
        Assert.Equal("s3Va4ru9IQUY6HTJcYx7OEVyXl0V0S/y32v4ZbfOHCI=", FeishuRobot.Sign(1700000000, "SEC1"));
    }

    [Theory]
    [EachDatabase("wecom", """{"errcode":0,"errmsg":"ok"}""", 200, typeof(Attempt.Accepted))]
    [EachDatabase("wecom", """{"errcode":45009,"errmsg":"api freq out of limit"}""", 200, typeof(Attempt.Postponed))]
    [EachDatabase("wecom", """{"errcode":93000,"errmsg":"invalid webhook url"}""", 200, typeof(Attempt.Refused))]
    [EachDatabase("dingtalk", """{"errcode":310000,"errmsg":"sign not match"}""", 200, typeof(Attempt.Refused))]
    [EachDatabase("feishu", """{"code":0,"msg":"success"}""", 200, typeof(Attempt.Accepted))]
    [EachDatabase("feishu", "not json", 200, typeof(Attempt.Refused))]
    [EachDatabase("slack", "ok", 200, typeof(Attempt.Accepted))]
    [EachDatabase("slack", "no_service", 404, typeof(Attempt.Refused))]
    [EachDatabase("slack", "", 429, typeof(Attempt.Postponed))]
    [EachDatabase("slack", "", 503, typeof(Attempt.Postponed))]
    [EachDatabase("slack", "", 302, typeof(Attempt.Refused))]
    public async Task The_answer_of_each_robot_is_understood(Database database, string channel, string answer, int status, Type expected)
    {
        await using var robot = await RobotListener.Start(status, answer);
        var attempt = await Send(database, channel, robot, null);

        Assert.IsType(expected, attempt);
        Assert.Contains("旧版群聊室将停止", Encoding.UTF8.GetString(robot.Received!));
    }

    [Theory, EachDatabase]
    public async Task An_answer_larger_than_sixteen_kilobytes_is_read_no_further(Database database)
    {
        await using var robot = await RobotListener.Start(200, new string('x', 64 * 1024));

        Assert.IsType<Attempt.Accepted>(await Send(database, "slack", robot, null));
    }

    [Theory, EachDatabase]
    public async Task An_answer_in_a_charset_that_nobody_knows_is_understood(Database database)
    {
        await using var robot = await RobotListener.Start(200, """{"errcode":0}""", "application/json; charset=klingon");

        Assert.IsType<Attempt.Accepted>(await Send(database, "wecom", robot, null));
    }

    [Fact]
    public void An_unencrypted_call_reaches_only_the_networks_of_the_operator()
    {
        var target = new OutsideTarget([IPNetwork.Parse("10.1.0.0/16")]);

        Assert.True(target.Permits(IPAddress.Parse("10.1.2.3"), secure: false));
        Assert.False(target.Permits(IPAddress.Parse("11.0.0.1"), secure: false));
        Assert.True(target.Permits(IPAddress.Parse("11.0.0.1"), secure: true));
    }

    [Theory, EachDatabase]
    public async Task A_feishu_robot_with_a_secret_gets_a_signed_post(Database database)
    {
        await using var robot = await RobotListener.Start(200, """{"code":0}""");
        await Send(database, "feishu", robot, "SEC1");

        var body = JsonNode.Parse(robot.Received!)!;
        Assert.Equal(FeishuRobot.Sign(ServerUnderTest.Start.ToUnixTimeSeconds(), "SEC1"), (string?)body["sign"]);
        Assert.Equal("旧版群聊室将停止\n请看 <公告>。", (string?)body["content"]!["text"]);
    }

    [Theory, EachDatabase]
    public async Task A_ding_talk_robot_with_a_secret_is_called_with_time_and_signature(Database database)
    {
        await using var robot = await RobotListener.Start(200, """{"errcode":0}""");
        await Send(database, "dingtalk", robot, "SEC1");

        var now = ServerUnderTest.Start.ToUnixTimeMilliseconds();
        Assert.Equal($"?timestamp={now}&sign={Uri.EscapeDataString(DingTalkRobot.Sign(now, "SEC1"))}", robot.Query);
    }

    [Theory]
    [EachDatabase("partners", "SEC2"), EachDatabase("anna@huaxin.test", null)]
    public async Task Channels_at_one_address_are_signed_each_with_its_own_secret_and_strangers_with_none(Database database, string recipient, string? secret)
    {
        await using var robot = await RobotListener.Start(200, """{"code":0}""");
        await using var server = await ServerUnderTest.On(database, null, "--Webhooks:AllowPrivate=127.0.0.0/8");
        await server.Get<Settings>().Set(new ChatChannels
        {
            Channels = [new ChatChannel("community", "feishu", robot.Url, "SEC1", "zh-CN"), new ChatChannel("partners", "feishu", robot.Url, "SEC2", "zh-CN")],
        }, "test", Cancel);
        var connector = server.App.Services.GetServices<IConnector>().Single(connector => connector.Channel == "feishu");

        await connector.Send(new OutgoingMessage("1@test", recipient, robot.Url, Letter, ServerUnderTest.Start), Cancel);

        Assert.Equal(secret is null ? null : FeishuRobot.Sign(ServerUnderTest.Start.ToUnixTimeSeconds(), secret), (string?)JsonNode.Parse(robot.Received!)!["sign"]);
    }

    [Fact]
    public void Slack_markup_in_a_text_is_escaped() => Assert.Equal("a &lt;!channel&gt; &amp; b", SlackRobot.Escape("a <!channel> & b"));

    [Theory]
    [InlineData("一二三四", 12, "一二三四"), InlineData("一二三四", 11, "一二…"), InlineData("ab", 2, "ab")]
    public void A_text_is_cut_between_characters(string text, int bytes, string expected) => Assert.Equal(expected, Server.Connectors.TeamChat.Robot.Cut(text, bytes));

    private static async Task<Attempt> Send(Database database, string channel, RobotListener robot, string? secret)
    {
        await using var server = await ServerUnderTest.On(database, null, "--Webhooks:AllowPrivate=127.0.0.0/8");
        await server.Get<Settings>().Set(new ChatChannels { Channels = [new ChatChannel("community", channel, robot.Url, secret, "zh-CN")] }, "test", Cancel);
        var connector = server.App.Services.GetServices<IConnector>().Single(connector => connector.Channel == channel);
        return await connector.Send(new OutgoingMessage("1@test", "community", robot.Url, Letter, ServerUnderTest.Start), Cancel);
    }
}
