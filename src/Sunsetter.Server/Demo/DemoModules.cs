namespace Sunsetter.Server.Demo;

/// <summary>What the invented vendor sells.</summary>
internal static class DemoModules
{
    public static readonly IReadOnlyList<DemoModule> All =
    [
        new("direct", "Direct messages", "单聊", "enterprise-critical", "Messaging core", 182_000, "2016-03-01", 1, 0.72, 0.12, ["push"], [], ["one-to-one chat", "read receipts", "recall", "stickers"], "Messages between two people."),
        new("rooms-legacy", "Legacy rooms", "旧版群聊", "core", "Rooms team", 96_000, "2016-09-01", 0.74, 0.34, -0.62, ["direct", "push"], ["spaces"], ["group chat", "announcements", "history search", "bots", "guest access"], "Group rooms of the first generation; up to 200 members."),
        new("spaces", "Spaces", "空间", "core", "Rooms team", 121_000, "2024-05-01", 0.82, 0.41, 1.4, ["direct", "push", "files"], [], ["group chat", "announcements", "history search", "bots", "threads"], "Group work with threads; up to 10,000 members."),
        new("file-drop", "File drop v1", "文件投递 v1", "core", "Files team", 48_000, "2017-02-01", 0.38, 0.16, -0.45, ["direct"], ["files"], ["send files", "folder permissions", "SFTP bridge"], "Files on the vendor's first storage, with an SFTP bridge."),
        new("files", "Files", "文件", "core", "Files team", 83_000, "2023-03-01", 0.79, 0.3, 0.8, [], [], ["send files", "versions", "preview", "SFTP bridge"], "Files with versions and previews."),
        new("archive", "Message archive", "消息归档", "enterprise-critical", "Compliance products", 74_000, "2018-06-01", 0.31, 0.02, 0.1, ["direct"], [], ["retention", "legal hold", "export"], "Keeps messages for as long as the law asks."),
        new("voice", "Voice calls", "语音通话", "core", "Real-time media", 142_000, "2017-11-01", 0.71, 0.24, -0.05, ["direct", "push"], [], ["one-to-one calls", "conference", "dial-in"], "Calls between two or more people."),
        new("video", "Video calls", "视频通话", "core", "Real-time media", 205_000, "2019-04-01", 0.66, 0.19, 0.35, ["voice"], [], ["one-to-one calls", "conference", "screen sharing", "cloud recording"], "Meetings with pictures and recording."),
        new("live", "Interactive live", "互动直播", "non-core", "Real-time media", 133_000, "2021-08-01", 0.22, 0.08, 0.2, ["video"], [], ["broadcast", "co-hosting", "gifts"], "Broadcasts with a stage and an audience."),
        new("push", "Push", "推送", "enterprise-critical", "Messaging core", 58_000, "2016-03-01", 1, 0.8, 0.15, [], [], ["mobile push", "vendor channels"], "Wakes phones, through every vendor's channel."),
        new("assistant", "AI assistant", "智能助手", "non-core", "Assistant team", 167_000, "2025-03-01", 0.44, 0.17, 2.2, ["direct"], [], ["summaries", "translation", "attendance reports"], "Answers, summaries, translation."),
        new("sticker-market", "Sticker market", "表情商店", "non-core", "Growth team", 21_000, "2019-09-01", 0.35, 0.07, -0.8, ["direct"], ["direct"], ["stickers", "sticker sales"], "A shop for paid stickers."),
        new("meeting-recorder", "Meeting recorder", "会议录制", "non-core", "Real-time media", 39_000, "2020-04-01", 0.24, 0.06, -0.35, ["voice"], ["video"], ["recording", "transcripts"], "A desktop program that records meetings."),
        new("screen-pulse", "Screen pulse", "屏幕脉动", "non-core", "Workplace analytics", 44_000, "2020-11-01", 0.16, 0.05, -0.3, ["direct"], ["assistant"], ["screen statistics", "attendance reports"], "Statistics on screen activity of a team."),
        new("status-wall", "Status wall", "状态墙", "non-core", "Growth team", 9_000, "2018-01-01", 0.14, 0.03, -0.5, ["direct"], ["spaces"], ["status messages", "birthday list"], "A wall of status messages for a company."),
    ];
}
