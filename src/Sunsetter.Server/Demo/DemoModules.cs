namespace Sunsetter.Server.Demo;

/// <summary>What the invented vendor sells.</summary>
internal static class DemoModules
{
    public static readonly IReadOnlyList<DemoModule> All =
    [
        new("direct", "Direct messages", "单聊", "enterprise-critical", "IM Core", 182_000, "2016-03-01", 1, 0.72, 0.12, ["push"], [], ["one-to-one chat / 单聊", "read receipts / 已读回执", "recall / 消息撤回", "stickers / 表情"], "Messages between two people. / 两人之间的消息。"),
        new("rooms-legacy", "Legacy rooms", "旧版群聊", "core", "Rooms", 96_000, "2016-09-01", 0.74, 0.34, -0.62, ["direct", "push"], ["spaces"], ["group chat / 群聊", "announcements / 群公告", "history search / 历史搜索", "bots / 机器人", "guest access / 访客加入"], "Group rooms of the first generation; up to 200 members. / 第一代群聊，最多 200 名成员。"),
        new("spaces", "Spaces", "空间", "core", "Rooms", 121_000, "2024-05-01", 0.82, 0.41, 1.4, ["direct", "push", "files"], [], ["group chat / 群聊", "announcements / 群公告", "history search / 历史搜索", "bots / 机器人", "threads / 话题串"], "Group work with threads; up to 10,000 members. / 带话题串的群组协作，最多 10,000 名成员。"),
        new("file-drop", "File drop v1", "旧版文件投递", "core", "Files", 48_000, "2017-02-01", 0.38, 0.16, -0.45, ["direct"], ["files"], ["send files / 发送文件", "folder permissions / 文件夹权限", "SFTP bridge / SFTP 对接"], "Files on the vendor's first storage, with an SFTP bridge. / 基于厂商第一代存储的文件功能，支持 SFTP 对接。"),
        new("files", "Files", "文件", "core", "Files", 83_000, "2023-03-01", 0.79, 0.3, 0.8, [], [], ["send files / 发送文件", "versions / 版本管理", "preview / 在线预览", "SFTP bridge / SFTP 对接"], "Files with versions and previews. / 带版本与预览的文件功能。"),
        new("archive", "Message archive", "消息归档", "enterprise-critical", "Compliance", 74_000, "2018-06-01", 0.31, 0.02, 0.1, ["direct"], [], ["retention / 留存", "legal hold / 法律保全", "export / 导出"], "Keeps messages for as long as the law asks. / 按法律要求的期限保存消息。"),
        new("voice", "Voice calls", "语音通话", "core", "Media", 142_000, "2017-11-01", 0.71, 0.24, -0.05, ["direct", "push"], [], ["one-to-one calls / 一对一通话", "conference / 多人会议", "dial-in / 电话拨入"], "Calls between two or more people. / 两人或多人通话。"),
        new("video", "Video calls", "视频通话", "core", "Media", 205_000, "2019-04-01", 0.66, 0.19, 0.35, ["voice"], [], ["one-to-one calls / 一对一通话", "conference / 多人会议", "screen sharing / 屏幕共享", "cloud recording / 云端录制"], "Meetings with pictures and recording. / 带画面与录制的会议。"),
        new("live", "Interactive live", "互动直播", "non-core", "Media", 133_000, "2021-08-01", 0.22, 0.08, 0.2, ["video"], [], ["broadcast / 直播", "co-hosting / 连麦", "gifts / 礼物"], "Broadcasts with a stage and an audience. / 有主播与观众的直播。"),
        new("push", "Push", "推送", "enterprise-critical", "IM Core", 58_000, "2016-03-01", 1, 0.8, 0.15, [], [], ["mobile push / 手机推送", "vendor channels / 厂商通道"], "Wakes phones, through every vendor's channel. / 通过各厂商通道唤醒手机。"),
        new("assistant", "AI assistant", "智能助手", "non-core", "AI Lab", 167_000, "2025-03-01", 0.44, 0.17, 2.2, ["direct"], [], ["summaries / 摘要", "translation / 翻译", "attendance reports / 考勤报表"], "Answers, summaries, translation. / 问答、摘要与翻译。"),
        new("sticker-market", "Sticker market", "表情商店", "non-core", "Growth", 21_000, "2019-09-01", 0.35, 0.07, -0.8, ["direct"], ["direct"], ["stickers / 表情", "sticker sales / 表情售卖"], "A shop for paid stickers. / 付费表情商店。"),
        new("meeting-recorder", "Meeting recorder", "会议录制", "non-core", "Media", 39_000, "2020-04-01", 0.24, 0.06, -0.35, ["voice"], ["video"], ["recording / 录制", "transcripts / 转写"], "A desktop program that records meetings. / 录制会议的桌面程序。"),
        new("screen-pulse", "Screen pulse", "屏幕脉动", "non-core", "Insights", 44_000, "2020-11-01", 0.16, 0.05, -0.3, ["direct"], ["assistant"], ["screen statistics / 屏幕统计", "attendance reports / 考勤报表"], "Statistics on screen activity of a team. / 团队屏幕活动统计。"),
        new("status-wall", "Status wall", "状态墙", "non-core", "Growth", 9_000, "2018-01-01", 0.14, 0.03, -0.5, ["direct"], ["spaces"], ["status messages / 状态消息", "birthday list / 生日列表"], "A wall of status messages for a company. / 公司内的状态消息墙。"),
    ];
}
