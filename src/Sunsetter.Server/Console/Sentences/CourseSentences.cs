using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.FactSentence;

namespace Sunsetter.Server.Console;

/// <summary>The common course of a retirement, in sentences.</summary>
internal static class CourseSentences
{
    public static Text? Of(Fact fact, Naming naming) => fact switch
    {
        RetirementProposed it => it.Replacement is { } replacement
            ? new($"Proposed that {naming.Module(it.Module).En} goes and {naming.Module(replacement).En} takes its place.", $"提议退役{naming.Module(it.Module).Zh}，由{naming.Module(replacement).Zh}接替。")
            : new($"Proposed that {naming.Module(it.Module).En} goes.", $"提议退役{naming.Module(it.Module).Zh}。"),
        RetirementApproved => new("The retirement was approved.", "退役已获批准。"),
        RetirementRejected it => new($"The retirement was rejected: {it.Reason}", $"退役被否决：{it.Reason}"),
        RetirementDeferred it => new($"The decision was put off until {Day(it.Until).En}: {it.Reason}", $"决定暂缓至 {Day(it.Until).Zh}：{it.Reason}"),
        RetirementResumed it => new($"The assessment was taken up again: {it.Reason}", $"重新启动评估：{it.Reason}"),
        RetirementCancelled it => new($"The retirement was cancelled: {it.Reason}", $"退役已取消：{it.Reason}"),
        RetirementScheduled it => it.ReasonForChange is { } why
            ? new($"The plan has changed, with {Day(it.Schedule.ClosesOn).En} as the closing day: {why}", $"计划变更，下线日为 {Day(it.Schedule.ClosesOn).Zh}：{why}")
            : new($"The closing day was set to {Day(it.Schedule.ClosesOn).En}.", $"下线日定为 {Day(it.Schedule.ClosesOn).Zh}。"),
        MigrationStarted => new("Customers were asked to move.", "开始请客户迁移。"),
        ClosingConfirmed it => new($"The go/no-go ended with “go”. {it.Note}", $"下线评审结论：批准下线。{it.Note}"),
        ObservationStarted it => new($"The last customer is closed; watching until {Day(it.EndsOn).En}.", $"最后一个客户已下线，观察至 {Day(it.EndsOn).Zh}。"),
        RetirementFinished it => new($"The retirement ended. Learnt: {it.Learnt}", $"退役完成。经验：{it.Learnt}"),
        BrownoutScheduled it => new($"A rehearsal outage of {Text.Many(it.Brownout.Minutes, "minute")} was announced for {Of(it.Brownout).En}.", $"已公告一次 {it.Brownout.Minutes} 分钟的演练停用：{Of(it.Brownout).Zh}。"),
        BrownoutWithdrawn it => new($"The rehearsal outage of {Of(it.Brownout).En} was withdrawn: {it.Reason}", $"{Of(it.Brownout).Zh}的演练停用已撤回：{it.Reason}"),
        GradualClosingSet { Shares.IsEmpty: true } it => new($"All users of a customer close at once again: {it.Reason}", $"恢复为客户的全部用户同时下线：{it.Reason}"),
        GradualClosingSet it => new($"Users close in shares before the closing: {Of(it.Shares).En}. {it.Reason}", $"用户将在下线前分批关闭：{Of(it.Shares).Zh}。{it.Reason}"),
        ModuleRestored it => it.Until is { } until
            ? new($"The module was brought back for everybody until {Instant(until).En}: {it.Reason}", $"模块已对所有客户恢复，至 {Instant(until).Zh}：{it.Reason}")
            : new($"The module was brought back for everybody: {it.Reason}", $"模块已对所有客户恢复：{it.Reason}"),
        ModuleRestoreEnded it => new($"The restore for everybody ended: {it.Reason}", $"对所有客户的恢复已结束：{it.Reason}"),
        _ => null,
    };

    private static Text Of(Brownout brownout) => new(
        $"{Day(brownout.Day).En} {brownout.At:HH\\:mm} ({(brownout.InCustomersZone ? "each customer's own time" : "vendor's time")}{(brownout.OnWorkingDays ? ", on a day they work" : "")})",
        $"{Day(brownout.Day).Zh} {brownout.At:HH\\:mm}（{(brownout.InCustomersZone ? "客户当地时间" : "厂商时间")}{(brownout.OnWorkingDays ? "，遇客户休息日顺延" : "")}）");

    private static Text Of(IEnumerable<GradualShare> shares) => new(
        string.Join(", ", shares.Select(share => $"{share.Percent}% {Text.Many(share.HoursBefore, "hour")} ahead")), string.Join("、", shares.Select(share => $"提前 {share.HoursBefore} 小时 {share.Percent}%")));
}
