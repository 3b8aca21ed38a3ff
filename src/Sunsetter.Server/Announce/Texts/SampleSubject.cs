using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>An invented example, so that a template can be read before there is anything to announce.</summary>
internal static class SampleSubject
{
    public static NoticeSubject Of(string template, string language, DateOnly today)
    {
        var closes = new DateTimeOffset(today.AddDays(90).ToDateTime(new TimeOnly(2, 0)), TimeSpan.FromHours(8));
        return new NoticeSubject
        {
            Kind = template switch { "reminder" => NoticeKind.Reminder, "changed" => NoticeKind.Changed, "called-off" => NoticeKind.CalledOff, _ => NoticeKind.First },
            Locale = language, Vendor = new Text("Example Messaging", "示例通讯"), Customer = new Text("Example Bank", "示例银行"), Contact = language == "en" ? "Ms Zhao" : "赵女士",
            Class = template == "first-key" ? CustomerClass.Key : CustomerClass.Standard, Module = new Text("Legacy rooms", "旧版群聊室"), Replacement = new Text("Spaces", "空间"),
            ReplacementUrl = "https://example.com/move",
            Reasons = [new Reason(ReasonKind.TechnicalRenewal, new Text("Its architecture cannot meet next year's rules on keeping data.", "其架构无法满足明年生效的数据留存要求。"))],
            Closes = closes, Zone = "Asia/Shanghai", Today = today, Users = 1204, PromisedBefore = template is "changed" or "called-off" ? today.AddDays(60) : null,
            Brownouts = [(closes.AddDays(-21), 15), (closes.AddDays(-14), 15)], RehearsalsOff = [closes.AddDays(-28)], Shares = [(closes.AddDays(-3), 10), (closes.AddDays(-1), 50)], Helper = new Helper(language == "en" ? "Lin Yue" : "林玥", "lin.yue@example.com", "010-0000 0000", true),
            PortalUrl = "https://example.com/c/preview", AnnouncementUrl = "https://example.com/announcements/rooms-legacy",
        };
    }
}
