using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Connectors.TeamChat;

/// <summary>A robot that takes posts: all kinds differ only in shape, signature and answer.</summary>
internal abstract class Robot(WebhookClient webhooks, Settings settings) : IConnector
{
    public abstract string Channel { get; }

    /// <summary>WeCom and DingTalk allow twenty posts a minute for each robot; the others allow more.</summary>
    public int PerMinute => 20;
    public int AtOnce => 2;
    public TimeSpan Timeout => WebhookClient.Timeout;
    public bool Ready => true;

    public Task<Refusal?> Forbids(string address, CancellationToken cancel) => webhooks.Forbids(address, cancel);

    public async Task<Attempt> Send(OutgoingMessage message, CancellationToken cancel)
    {
        // The secret belongs to the channel the message is for. Two channels may share an address and not the secret, and a customer's contact who
        // names the address of one of our channels gets no signature of ours.
        var secret = (await settings.Get<ChatChannels>(cancel)).Channels
            .FirstOrDefault(channel => channel.Name == message.Recipient && channel.Kind == Channel && channel.Url == message.Address)?.Secret;
        return await Post(message.Address, message.Letter, secret is { Length: > 0 } ? secret : null, cancel);
    }

    protected WebhookClient Webhooks => webhooks;

    protected abstract Task<Attempt> Post(string url, Letter letter, string? secret, CancellationToken cancel);

    /// <summary>At most so many UTF-8 bytes, cut between characters.</summary>
    internal static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        var kept = new StringBuilder();
        var room = bytes - 3;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune.ToString());
        }
        return kept.Append('…').ToString();
    }
}

/// <summary>Slack's incoming webhooks, which Mattermost, Rocket.Chat and others take too.</summary>
internal sealed class SlackRobot(WebhookClient webhooks, Settings settings) : Robot(webhooks, settings)
{
    public override string Channel => "slack";

    protected override Task<Attempt> Post(string url, Letter letter, string? secret, CancellationToken cancel) =>
        Webhooks.Post(url, new JsonObject { ["text"] = Cut($"*{Escape(letter.Subject)}*\n{Escape(letter.Text)}", 12_000) }, _ => new Attempt.Accepted(), cancel);

    // The three characters that Slack reads as markup of its own.
    internal static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}

/// <summary>The group robot of WeCom (企业微信).</summary>
internal sealed class WeComRobot(WebhookClient webhooks, Settings settings) : Robot(webhooks, settings)
{
    public override string Channel => "wecom";

    protected override Task<Attempt> Post(string url, Letter letter, string? secret, CancellationToken cancel) =>
        Webhooks.Post(url, new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = Cut($"{letter.Subject}\n{letter.Text}", 2048) } },
            said => WebhookClient.ReadCode(said, "errcode", "errmsg", 45009, -1), cancel);
}

/// <summary>The custom robot of DingTalk (钉钉), signed where it has a secret.</summary>
internal sealed class DingTalkRobot(WebhookClient webhooks, Settings settings, TimeProvider clock) : Robot(webhooks, settings)
{
    public override string Channel => "dingtalk";

    protected override Task<Attempt> Post(string url, Letter letter, string? secret, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var signed = secret is null ? url : $"{url}{(url.Contains('?') ? '&' : '?')}timestamp={now}&sign={Uri.EscapeDataString(Sign(now, secret))}";
        return Webhooks.Post(signed, new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = Cut($"{letter.Subject}\n{letter.Text}", 15_000) } },
            said => WebhookClient.ReadCode(said, "errcode", "errmsg", 130101, -1), cancel);
    }

    /// <summary>Base64 of HMAC-SHA256 over "time in milliseconds, line feed, secret", keyed with the secret.</summary>
    internal static string Sign(long milliseconds, string secret) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{milliseconds}\n{secret}")));
}

/// <summary>The custom robot of Feishu (飞书, Lark), signed where it has a secret.</summary>
internal sealed class FeishuRobot(WebhookClient webhooks, Settings settings, TimeProvider clock) : Robot(webhooks, settings)
{
    public override string Channel => "feishu";

    protected override Task<Attempt> Post(string url, Letter letter, string? secret, CancellationToken cancel)
    {
        var body = new JsonObject { ["msg_type"] = "text", ["content"] = new JsonObject { ["text"] = Cut($"{letter.Subject}\n{letter.Text}", 15_000) } };
        if (secret is not null)
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            (body["timestamp"], body["sign"]) = (now.ToString(System.Globalization.CultureInfo.InvariantCulture), Sign(now, secret));
        }
        return Webhooks.Post(url, body, said => WebhookClient.ReadCode(said, "code", "msg", 11232, 9499), cancel);
    }

    /// <summary>Base64 of HMAC-SHA256 over nothing, keyed with "time in seconds, line feed, secret".</summary>
    internal static string Sign(long seconds, string secret) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{seconds}\n{secret}"), Array.Empty<byte>()));
}
