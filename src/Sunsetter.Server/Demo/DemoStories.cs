using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>The eight retirements of Cloud Magpie: one that waits for an approval, one announced, two migrating, one observed, one finished, one put off and one rejected.</summary>
internal static class DemoStories
{
    private static readonly IReadOnlyDictionary<string, (CapabilityCoverage, string)> Nothing = new Dictionary<string, (CapabilityCoverage, string)>();

    public static readonly DemoStory Stickers = new(
        "sticker-market", "direct",
        [new(ReasonKind.ShiftedDemand, new("Seven in ten buyers left within a year; free stickers in messages do the same.", "一年内七成买家流失；消息内的免费表情可以满足同样需求。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["sticker sales"] = (CapabilityCoverage.Missing, "Nobody sells stickers any more; credit that was bought is paid back.") },
        ("orbit-labs", "Ada Kovacs", "They use it for build badges and will draw their own."),
        (Leaning.For, "One service fewer that wakes us for nothing."), (Leaning.For, "Two tickets a month, mostly about refunds."), 222, 202)
    { Closes = -DemoUse.StickersClosed, Reaches = Stage.Observe };

    public static readonly DemoStory Wall = new(
        "status-wall", "spaces",
        [new(ReasonKind.ShiftedDemand, new("Nine in ten walls have had no new message for a month.", "九成的状态墙一个月内没有新内容。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["birthday list"] = (CapabilityCoverage.Missing, "A calendar in the space takes its place.") },
        ("golden-harvest-insurance", "李娜", "They used it for birthdays, and are content with a calendar."),
        (Leaning.For, "Nothing else needs its database."), (Leaning.For, "No ticket in a year."), 378, 373)
    { Closes = -DemoUse.WallClosed, Reaches = Stage.Finished };

    public static readonly DemoStory Rooms = new(
        "rooms-legacy", "spaces",
        [
            new(ReasonKind.TechnicalRenewal, new("Its storage cannot meet the retention rules of the coming year.", "其存储架构无法满足来年的留存要求。")),
            new(ReasonKind.ShiftedDemand, new("Two thirds of group work has moved to Spaces by itself.", "三分之二的群组协作已自发转移到“空间”。")),
        ],
        new Dictionary<string, (CapabilityCoverage, string)> { ["guest access"] = (CapabilityCoverage.Partly, "Guests join by invitation link instead of by number; the account manager sets it up.") },
        (DemoCustomers.Left, "刘洋", "They need 180 days by contract and a tested export of their room history."),
        (Leaning.For, "Half of last year's incidents came from its message store."), (Leaning.Concerned, "Large customers script against it; the bots must be moved first."), 196, 178)
    { Closes = 41, Reaches = Stage.Migrate };

    public static readonly DemoStory FileDrop = new(
        "file-drop", "files",
        [new(ReasonKind.ComplianceOrSecurity, new("Its storage format is out of date; the component is no longer maintained.", "其存储格式已过时，且该组件已停止维护。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["folder permissions"] = (CapabilityCoverage.Partly, "Permissions are set per space, not per folder; the account manager helps to regroup.") },
        (DemoCustomers.WentBack, "Ada Kovacs", "Their clinics share by folder; they fear to see each other's files."),
        (Leaning.For, "The machines it runs on are out of support."), (Leaning.Concerned, "Folder permissions will bring calls."), 190, 172)
    { Closes = 55, Reaches = Stage.Migrate };

    public static readonly DemoStory Recorder = new(
        "meeting-recorder", "video",
        [new(ReasonKind.TechnicalRenewal, new("Recording in the cloud replaces a desktop program that every system update breaks.", "云端录制取代每次系统更新都会失效的桌面程序。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["transcripts"] = (CapabilityCoverage.Partly, "Transcripts come from the assistant, a minute after the meeting.") },
        ("golden-harvest-insurance", "李娜", "They keep recordings for five years and want them exported."),
        (Leaning.For, "No more desktop builds."), (Leaning.For, "Cloud recording brings fewer calls already."), 58, 30)
    { Closes = 150, Reaches = Stage.Announce };

    public static readonly DemoStory Pulse = new(
        "screen-pulse", "assistant",
        [new(ReasonKind.BusinessStrategy, new("Watching screens does not fit what we promise to the people who work with our product.", "屏幕监测与我们对使用者的承诺不符。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["screen statistics"] = (CapabilityCoverage.Missing, "There is none, on purpose; attendance reports remain.") },
        (DemoCustomers.QuarterEnd, "孙丽", "They use it for the quarterly report only, and need it for the next one."),
        (Leaning.For, "Few use it and it costs as much as voice per head."), (Leaning.Concerned, "Whoever uses it, uses it for reports to their board."), 18, 5);

    public static readonly DemoStory Voice = new(
        "voice", "video",
        [new(ReasonKind.BusinessStrategy, new("Video calls can do without the picture.", "视频通话可关闭画面使用。"))],
        new Dictionary<string, (CapabilityCoverage, string)> { ["dial-in"] = (CapabilityCoverage.Missing, "Nobody can dial in by telephone.") },
        ("northwind-freight", "Ben Okafor", "Their drivers dial in from the road; there is no other way."),
        (Leaning.Against, "Emergency lines of four customers run over it."), (Leaning.Against, "A fifth of all calls come by dial-in."), 120, 100);

    public static readonly DemoStory Live = new(
        "live", null,
        [new(ReasonKind.BusinessStrategy, new("Broadcasts are a business of their own; a partner does it better.", "直播已成独立业务，由合作伙伴承接更好。"))],
        Nothing, ("golden-harvest-insurance", "李娜", "Their yearly meeting runs on it; they would follow to the partner."),
        (Leaning.For, "It needs its own network."), (Leaning.Concerned, "No partner is named yet."), 45, 40)
    { Instead = new("A partner's broadcasts can be opened from the chat.", "可在聊天中打开合作伙伴的直播。") };

    public static readonly IReadOnlyList<DemoStory> All = [Wall, Stickers, Rooms, FileDrop, Voice, Recorder, Live, Pulse];
}
