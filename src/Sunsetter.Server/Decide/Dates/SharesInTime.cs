using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Shares of a customer's users close ahead of the day and move with it: a day that is near enough would close them on the spot, or before anybody could know.</summary>
internal static class SharesInTime
{
    /// <param name="after">With the schedule that is to hold.</param>
    /// <param name="before">The closing day until now. To put a day off takes nobody's time away: then only what would close at once is refused.</param>
    public static Refusal? Forbids(Retirement after, DateOnly? before, DateOnly day, SchedulingGround ground)
    {
        if (after.Gradual.IsEmpty || before == day)
            return null;

        var (hours, begins) = ((int)after.FirstShareAhead.TotalHours, after.Schedule!.InstantOf(day) - after.FirstShareAhead);
        if (begins <= ground.Now)
            return new Refusal("schedule.shares-at-once", $"The first users close {Text.Many(hours, "hour")} ahead of the day, which would be at once. Choose a later day, or take the shares back first.",
                $"首批用户将提前 {hours} 小时关闭，即立即关闭。请选择更晚的日期，或先取消分批。")
            { Field = "closesOn" };
        return !(day > before) && begins < ground.Now.AddDays(ground.ShareNoticeDays)
            ? new Refusal("gradual.not-announced", $"The first users would close at {Days.Tell(begins, TimeZoneInfo.Utc).En}, {Text.Many(hours, "hour")} ahead of the day; they must know of it at least {Text.Many(ground.ShareNoticeDays, "day")} ahead. Choose a later day, or take the shares back first.",
                $"首批用户将于 {Days.Tell(begins, TimeZoneInfo.Utc).Zh}关闭（提前 {hours} 小时）；须至少提前 {ground.ShareNoticeDays} 天告知。请选择更晚的日期，或先取消分批。")
            { Field = "closesOn" }
            : null;
    }
}
