using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Portal;

/// <summary>How it stands for one customer at this instant, and how their page says so.</summary>
internal sealed class PortalStanding(Retirement retirement, LedgerEntry entry, NoticeSubject about, DateTimeOffset now)
{
    private readonly Restore? openAgain = new[] { entry.Restore, retirement.Restore }.FirstOrDefault(restore => restore?.InForceAt(now) == true && (entry.ClosedAt is not null || about.Closes <= now));

    public bool CalledOff { get; } = retirement.Stage is Stage.Cancelled or Stage.Deferred or Stage.Rejected;

    /// <summary>It had stopped for them, whether or not it is open again for a time.</summary>
    public bool HasStopped { get; } = entry.ClosedAt is not null || ClosingTime.Of(retirement, entry) <= now;

    public bool IsOpenAgain => openAgain is not null;

    public bool Closed => HasStopped && !IsOpenAgain;

    /// <summary>The planned instant has passed without a go.</summary>
    public bool Late => !HasStopped && !IsOpenAgain && !CalledOff && about.Closes <= now;

    public string Title => CalledOff ? T($"{about.Module.En} stays: the closing is called off", $"{about.Module.Zh}继续保留，停止计划已取消")
        : openAgain is { Until: { } end } ? T($"{about.Module.En} is open again until {NoticeSubject.SayDay(Days.DayOf(end, Zone), "en")}", $"{about.Module.Zh}已恢复使用，至 {NoticeSubject.SayDay(Days.DayOf(end, Zone), "zh")}")
        : IsOpenAgain ? T($"{about.Module.En} is open again", $"{about.Module.Zh}已恢复使用")
        : Closed ? T($"{about.Module.En} closed on {NoticeSubject.SayDay(about.ClosingDay, "en")}", $"{about.Module.Zh}已于 {NoticeSubject.SayDay(about.ClosingDay, "zh")}停止服务")
        : Late ? T($"{about.Module.En} is still open", $"{about.Module.Zh}尚未停止服务")
        : T($"{about.Module.En} closes on {NoticeSubject.SayDay(about.ClosingDay, "en")}", $"{about.Module.Zh}将于 {NoticeSubject.SayDay(about.ClosingDay, "zh")}停止服务");

    public string Lead
    {
        get
        {
            var left = about.ClosingDay.DayNumber - about.Today.DayNumber;
            var ready = about.Replacement is { } replacement ? T($"{replacement.En} is ready, and ", $"“{replacement.Zh}”已可使用，") : "";
            return CalledOff ? T("There is nothing you have to do.", "您无需进行任何操作。")
                : openAgain is { } again ? T($"It had closed and is open again for you{(again.Until is { } end ? $" until {Instant(end).En}" : "")}. Please use the time to move; {ready}we help you.", $"模块此前已停止，现已为您恢复{(again.Until is { } finish ? $"至 {Instant(finish).Zh}" : "")}。请利用这段时间完成迁移，{ready}我们会继续协助。")
                : retirement.Ended ? T("It has closed, and this matter is concluded. If something is still open, write to the address below.", "模块已停止服务，此事已办结。如仍有问题，请联系下方联系人。")
                : Closed ? T($"It has closed. Your data is not lost: {ready}we help you still.", $"已停止服务。您的数据不会丢失，{ready}我们仍会继续协助。")
                : Late ? T("It has not closed: the day is being set anew, and we will write to you.", "尚未停止：日期将重新确定，我们会另行通知您。")
                : left > 0 ? T($"{Text.Many(left, "day")} left. Your messages and files are not lost; {ready}we will stay with you until you have moved.", $"还有 {left} 天。您的消息与文件不会丢失，{ready}我们会全程协助您完成迁移。")
                : T($"It closes today at {about.Closes:HH:mm}. Your data is not lost: {ready}we help you still.", $"今天 {about.Closes:HH:mm} 停止服务。您的数据不会丢失，{ready}我们仍会继续协助。");
        }
    }

    private TimeZoneInfo Zone => Days.Zone(about.Zone);

    private Text Instant(DateTimeOffset at) => Days.Clock(at, Zone);
}
