using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the observe stage, in sentences.</summary>
internal static class ObserveSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        CaseOpened opened => new($"Still called after closing: {Text.Many(opened.Calls, "refused call")} by {Text.Many(opened.Users, "user")}. A case was opened for {opened.Owner}.", $"下线后仍在调用：{opened.Users:N0} 位用户的 {opened.Calls:N0} 次调用被拒绝。已为 {opened.Owner} 建立个案。"),
        CaseAssigned assigned => new($"The case was handed over to {assigned.Owner}.", $"个案已转交 {assigned.Owner}。"),
        CaseClosed closed => new($"The case was closed ({Ending(closed.Ending).En}): {closed.Note}", $"个案已关闭（{Ending(closed.Ending).Zh}）：{closed.Note}"),
        CaseReopened reopened => new($"They called again: {Text.Many(reopened.Calls, "refused call")} by now. The case is open again.", $"再次调用：累计 {reopened.Calls:N0} 次被拒绝。个案重新打开。"),
        AnomalyRaised raised => new($"Found: {raised.What.En}", $"发现：{raised.What.Zh}"),
        AnomalySettled settled => new($"A finding was settled: {settled.Note}", $"发现已处理：{settled.Note}"),
        ObservationExtended extended => new($"Observation was extended until {FactSentence.Day(extended.Until).En}: {extended.Reason}", $"观察期延长至 {FactSentence.Day(extended.Until).Zh}：{extended.Reason}"),
        ThanksGiven thanks => new($"Thanks to {thanks.Person}: {thanks.For}", $"感谢 {thanks.Person}：{thanks.For}"),
        _ => null,
    };

    public static Text Ending(CaseEnding ending) => ending switch
    {
        CaseEnding.MovedToReplacement => new("moved to the replacement", "已迁移到替代方案"),
        CaseEnding.Restored => new("restored for them", "已为其恢复"),
        CaseEnding.NotNeeded => new("no longer needed", "不再需要"),
        _ => new("a forgotten program, left to fail", "遗留程序，任其失败"),
    };
}
