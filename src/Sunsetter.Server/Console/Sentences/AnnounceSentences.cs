using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.FactSentence;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the announce stage, in sentences.</summary>
internal static class AnnounceSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        DutiesDrawnUp it => new($"The duties of the teams were drawn up: {it.Duties.Length}.", $"已生成各团队职责，共 {it.Duties.Length} 项。"),
        DutyAssigned it => new($"A duty was given to {it.Person} ({it.Duty}).", $"一项职责已指派给 {it.Person}（{it.Duty}）。"),
        DutyAcknowledged it => new($"A duty was acknowledged ({it.Duty}).", $"一项职责已确认知悉（{it.Duty}）。"),
        DutyDone it => new($"A duty was done ({it.Duty}). {it.Note}", $"一项职责已完成（{it.Duty}）。{it.Note}"),
        TalkTracksWritten => new("The talk tracks of support were written.", "编写了客服口径。"),
        TalkTracksConfirmed => new("Support confirmed that it is ready to answer.", "客服确认已准备就绪。"),
        NoticesReleased => new("The notices to customers were released.", "已批准向客户发送通知。"),
        NoticesPaused it => new($"The notices were paused: {it.Reason}", $"通知已暂停：{it.Reason}"),
        AnnouncementPublished => new("The announcement was published.", "公告已发布。"),
        _ => OfEntry(fact),
    };

    private static Text? OfEntry(Fact fact) => fact switch
    {
        NoticeIssued it => new($"Notice {it.Edition} became due ({Kind(it.Kind).En}); closing day {Day(it.ClosesOn).En}.", $"第 {it.Edition} 次通知（{Kind(it.Kind).Zh}），下线日为 {Day(it.ClosesOn).Zh}。"),
        NoticeSent it => new($"Notice {it.Edition} reached {it.Recipient} by {Campaigns.ChannelNames.Of(it.Channel).En}.", $"第 {it.Edition} 次通知已通过{Campaigns.ChannelNames.Of(it.Channel).Zh}送达 {it.Recipient}。"),
        NoticeBounced it => new($"Notice {it.Edition} could not be delivered to {it.Recipient}: {it.Reason}", $"第 {it.Edition} 次通知未能送达 {it.Recipient}：{it.Reason}"),
        ContactLost it => new($"{it.Recipient} has left: {it.Reason}", $"{it.Recipient} 已离开：{it.Reason}"),
        ContactFound it => new($"{it.Recipient} is there after all: {it.Reason}", $"{it.Recipient} 仍在：{it.Reason}"),
        ContactNamed it => it.InsteadOfMe
            ? new($"The matter was handed over to {it.Name} <{it.Email}>.", $"已转交给 {it.Name} <{it.Email}>。")
            : new($"Another contact was named: {it.Name} <{it.Email}>.", $"新增联系人：{it.Name} <{it.Email}>。"),
        NoticeRead it => new($"{it.Recipient} opened the customer's page.", $"{it.Recipient} 打开了专属页面。"),
        NoticeAcknowledged it => new($"{it.Recipient} acknowledged notice {it.Edition}.", $"{it.Recipient} 确认知悉第 {it.Edition} 次通知。"),
        NoticeSeenInApp it => new($"Inside the application notice {it.Edition} was seen by {Text.Many(it.Seen, "person", "people")} ({it.Dismissed:N0} put it away, {it.Acknowledged:N0} confirmed it).", $"应用内已有 {it.Seen:N0} 人看到第 {it.Edition} 次通知（{it.Dismissed:N0} 人已关闭，{it.Acknowledged:N0} 人已确认）。"),
        ConversationLogged it => it.Kind == ConversationKind.Call
            ? new($"Call with {it.With} on {Day(it.On).En}: {it.Outcome}", $"{Day(it.On).Zh}与 {it.With} 电话沟通：{it.Outcome}")
            : new($"Visit to {it.With} on {Day(it.On).En}: {it.Outcome}", $"{Day(it.On).Zh}拜访 {it.With}：{it.Outcome}"),
        ReachEscalated it => new($"Turned to {it.To}. {it.Why.En}", $"转向 {it.To}。{it.Why.Zh}"),
        _ => null,
    };

    private static Text Kind(NoticeKind kind) => kind switch
    {
        NoticeKind.First => new("first notice", "首次通知"),
        NoticeKind.Reminder => new("reminder", "提醒"),
        NoticeKind.Changed => new("the date has changed", "日期调整"),
        _ => new("called off", "取消下线"),
    };
}
