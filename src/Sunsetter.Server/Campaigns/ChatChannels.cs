using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>The team-chat channels that announcements are posted to (N5); an administrator edits them.</summary>
internal sealed record ChatChannels : ISettings
{
    static string ISettings.Name => "chat-channels";

    public ImmutableArray<ChatChannel> Channels { get; init; } = [];
}

/// <param name="Kind"><c>slack</c> (also Mattermost, Rocket.Chat, Zulip), <c>wecom</c>, <c>dingtalk</c> or <c>feishu</c>.</param>
/// <param name="Secret">Signs the post, where the robot asks for it (DingTalk, Feishu).</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record ChatChannel(string Name, string Kind, string Url, string? Secret, string Language);
