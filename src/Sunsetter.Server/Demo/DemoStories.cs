using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>The eight retirements of Cloud Magpie: one that waits for an approval, one announced, two migrating, one observed, one finished, one put off and one rejected.</summary>
internal static class DemoStories
{
    private static readonly IReadOnlyDictionary<string, (CapabilityCoverage, string)> Nothing = new Dictionary<string, (CapabilityCoverage, string)>();

    public static readonly DemoStory Stickers = new(
        "sticker-market", "direct",
        [new(ReasonKind.ShiftedDemand, new("Seven in ten buyers left within a year; free stickers in messages do the same.", "一年内七成买家流失；消息内的免费表情可以满足同样需求。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["sticker sales / 表情售卖"] = (CapabilityCoverage.Missing, "Nobody sells stickers any more; credit that was bought is paid back. / 不再售卖表情；已购点数予以退还。") },
        ("orbit-labs", "Ada Kovacs", "They use it for build badges and will draw their own. / 他们用作构建徽章，今后将自行绘制。"),
        (Leaning.For, "One service fewer that wakes us for nothing. / 少一个无谓告警、半夜叫醒我们的服务。"), (Leaning.For, "Two tickets a month, mostly about refunds. / 每月两张工单，多与退款有关。"), 222, 202)
    { Closes = -DemoUse.StickersClosed, Reaches = Stage.Observe };

    public static readonly DemoStory Wall = new(
        "status-wall", "spaces",
        [new(ReasonKind.ShiftedDemand, new("Nine in ten walls have had no new message for a month.", "九成的状态墙一个月内没有新内容。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["birthday list / 生日列表"] = (CapabilityCoverage.Missing, "A calendar in the space takes its place. / 由空间中的日历代替。") },
        ("golden-harvest-insurance", "李娜", "They used it for birthdays, and are content with a calendar. / 他们只用于生日提醒，改用日历即可。"),
        (Leaning.For, "Nothing else needs its database. / 没有其他功能需要它的数据库。"), (Leaning.For, "No ticket in a year. / 一年内没有工单。"), 378, 373)
    { Closes = -DemoUse.WallClosed, Reaches = Stage.Finished };

    public static readonly DemoStory Rooms = new(
        "rooms-legacy", "spaces",
        [
            new(ReasonKind.TechnicalRenewal, new("Its storage cannot meet the retention rules of the coming year.", "其存储架构无法满足来年的留存要求。")),
            new(ReasonKind.ShiftedDemand, new("Two thirds of group work has moved to Spaces by itself.", "三分之二的群组协作已自发转移到“空间”。")),
        ],
        new Dictionary<string, (CapabilityCoverage, string)> { ["guest access / 访客加入"] = (CapabilityCoverage.Partly, "Guests join by invitation link instead of by number; the account manager sets it up. / 访客改为通过邀请链接加入，不再使用号码；由客户经理开通。") },
        (DemoCustomers.Left, "刘洋", "They need 180 days by contract and a tested export of their room history. / 合同要求提前 180 天通知，并需经过验证的群聊历史导出。"),
        (Leaning.For, "Half of last year's incidents came from its message store. / 去年一半的故障来自它的消息存储。"), (Leaning.Concerned, "Large customers script against it; the bots must be moved first. / 大客户有脚本依赖它，须先迁移机器人。"), 196, 178)
    { Closes = 41, Reaches = Stage.Migrate };

    public static readonly DemoStory FileDrop = new(
        "file-drop", "files",
        [new(ReasonKind.ComplianceOrSecurity, new("Its storage format is out of date; the component is no longer maintained.", "其存储格式已过时，且该组件已停止维护。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["folder permissions / 文件夹权限"] = (CapabilityCoverage.Partly, "Permissions are set per space, not per folder; the account manager helps to regroup. / 权限按空间设置，不再按文件夹；客户经理协助重新分组。") },
        (DemoCustomers.WentBack, "Ada Kovacs", "Their clinics share by folder; they fear to see each other's files. / 各诊所按文件夹共享，担心彼此看到对方的文件。"),
        (Leaning.For, "The machines it runs on are out of support. / 它所运行的机器已停止维保。"), (Leaning.Concerned, "Folder permissions will bring calls. / 文件夹权限的变化会带来咨询。"), 190, 172)
    { Closes = 55, Reaches = Stage.Migrate };

    public static readonly DemoStory Recorder = new(
        "meeting-recorder", "video",
        [new(ReasonKind.TechnicalRenewal, new("Recording in the cloud replaces a desktop program that every system update breaks.", "云端录制取代每次系统更新都会失效的桌面程序。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["transcripts / 转写"] = (CapabilityCoverage.Partly, "Transcripts come from the assistant, a minute after the meeting. / 会后一分钟由智能助手给出转写。") },
        ("golden-harvest-insurance", "李娜", "They keep recordings for five years and want them exported. / 他们的录制需保存五年，希望能够导出。"),
        (Leaning.For, "No more desktop builds. / 不必再构建桌面程序。"), (Leaning.For, "Cloud recording brings fewer calls already. / 云端录制的咨询已经更少。"), 58, 30)
    { Closes = 150, Reaches = Stage.Announce };

    public static readonly DemoStory Pulse = new(
        "screen-pulse", "assistant",
        [new(ReasonKind.BusinessStrategy, new("Watching screens does not fit what we promise to the people who work with our product.", "屏幕监测与我们对使用者的承诺不符。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["screen statistics / 屏幕统计"] = (CapabilityCoverage.Missing, "There is none, on purpose; attendance reports remain. / 有意不再提供；考勤报表保留。") },
        (DemoCustomers.QuarterEnd, "孙丽", "They use it for the quarterly report only, and need it for the next one. / 他们仅用于季度报表，下一次仍需使用。"),
        (Leaning.For, "Few use it and it costs as much as voice per head. / 使用者很少，人均成本却与语音通话相当。"), (Leaning.Concerned, "Whoever uses it, uses it for reports to their board. / 使用者都用它向董事会汇报。"), 18, 5);

    public static readonly DemoStory Voice = new(
        "voice", "video",
        [new(ReasonKind.BusinessStrategy, new("Video calls can do without the picture.", "视频通话可关闭画面使用。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["dial-in / 电话拨入"] = (CapabilityCoverage.Missing, "Nobody can dial in by telephone. / 无法再用电话拨入。") },
        ("northwind-freight", "Ben Okafor", "Their drivers dial in from the road; there is no other way. / 司机在途中电话拨入，没有其他办法。"),
        (Leaning.Against, "Emergency lines of four customers run over it. / 四位客户的应急热线依赖它。"), (Leaning.Against, "A fifth of all calls come by dial-in. / 五分之一的通话来自电话拨入。"), 120, 100);

    public static readonly DemoStory Live = new(
        "live", null,
        [new(ReasonKind.BusinessStrategy, new("Broadcasts are a business of their own; a partner does it better.", "直播已成独立业务，由合作伙伴承接更好。"))],
        Nothing, ("golden-harvest-insurance", "李娜", "Their yearly meeting runs on it; they would follow to the partner. / 他们的年会使用它，愿意随之转到合作伙伴。"),
        (Leaning.For, "It needs its own network. / 它需要独立的网络。"), (Leaning.Concerned, "No partner is named yet. / 尚未确定合作伙伴。"), 45, 40)
    { Instead = new("A partner's broadcasts can be opened from the chat.", "可在聊天中打开合作伙伴的直播。") };

    public static readonly IReadOnlyList<DemoStory> All = [Wall, Stickers, Rooms, FileDrop, Voice, Recorder, Live, Pulse];
}
