using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>How a channel is called in a sentence.</summary>
internal static class ChannelNames
{
    public static Text Of(string channel) => channel switch
    {
        "email" => new("e-mail", "邮件"),
        "slack" => Text.Same("Slack"),
        "wecom" => new("WeCom", "企业微信"),
        "dingtalk" => new("DingTalk", "钉钉"),
        "feishu" => new("Feishu", "飞书"),
        _ => Text.Same(channel),
    };
}
