using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.FactSentence;

namespace Sunsetter.Server.Console;

/// <summary>The dates of one customer, in sentences.</summary>
internal static class EntrySentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        EntryOpened it => new($"{it.Name.En} is affected; their entry in the closing ledger was opened.", $"{it.Name.Zh}受影响，已在退役台账中建档。"),
        ManagerChanged { Manager: { } manager } => new($"Their account manager is now {manager}.", $"客户经理变更为 {manager}。"),
        ManagerChanged => new("They have no account manager any more.", "已没有客户经理。"),
        WaveSet { Wave: { } wave } => new($"They close with the wave “{wave}”.", $"随批次“{wave}”下线。"),
        WaveSet => new("They close on the common day.", "按统一日期下线。"),
        EarliestComputed it => new($"They may be closed from {Day(it.Day).En} on: {it.Rule.En}", $"最早可于 {Day(it.Day).Zh}下线：{it.Rule.Zh}"),
        EarliestOverridden it => new(
            $"An exception lets them be closed from {Day(it.Day).En} on, asked for by {it.RequestedBy}: {it.Reason}", $"经 {it.RequestedBy} 申请的例外：最早可于 {Day(it.Day).Zh}下线：{it.Reason}"),
        ExtensionGranted it => new($"They have more time, until the end of {Day(it.Until).En}: {it.Reason}", $"同意延期至 {Day(it.Until).Zh}：{it.Reason}"),
        CustomerClosed it => new($"The module closed for them at {Instant(it.EffectiveAt).En}.", $"模块已于 {Instant(it.EffectiveAt).Zh}对该客户关闭。"),
        CustomerRestored it => it.Until is { } until
            ? new($"The module was brought back for them until {Instant(until).En}: {it.Reason}", $"模块已对该客户恢复，至 {Instant(until).Zh}：{it.Reason}")
            : new($"The module was brought back for them: {it.Reason}", $"模块已对该客户恢复：{it.Reason}"),
        CustomerRestoreEnded it => new($"The restore for them ended: {it.Reason}", $"对该客户的恢复已结束：{it.Reason}"),
        _ => null,
    };
}
