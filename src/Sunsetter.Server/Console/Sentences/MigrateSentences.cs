using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.FactSentence;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the migrate stage, in sentences.</summary>
internal static class MigrateSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        ReplacementSignedOff it => new($"QA signed that the replacement is ready: {it.Evidence}", $"测试团队已签字确认替代模块可用：{it.Evidence}"),
        ReplacementSignOffWithdrawn it => new($"QA withdrew its word for the replacement: {it.Reason}", $"测试团队撤回对替代模块的确认：{it.Reason}"),
        FaqWritten it => new($"An answer was written: {it.Question.En}", $"撰写了常见问题的答复：{it.Question.Zh}"),
        FaqRemoved => new("An answer was removed.", "删除了一条常见问题。"),
        MigrationToolAttached it => new($"The migration tool “{it.Tool.Name}” was attached.", $"已接入迁移工具“{it.Tool.Name}”。"),
        MigrationToolDetached it => new($"The migration tool was taken away: {it.Reason}", $"已移除迁移工具：{it.Reason}"),
        _ => OfEntry(fact),
    };

    private static Text? OfEntry(Fact fact) => fact switch
    {
        MovementObserved it => new($"Measured: {Words.English(it.State)}. {it.Evidence.En}", $"实测：{Words.Chinese(it.State)}。{it.Evidence.Zh}"),
        FollowUpAssigned it => new($"{it.To} follows them. {Next(it.NextOn, it.NextStep).En}", $"由 {it.To} 跟进。{Next(it.NextOn, it.NextStep).Zh}"),
        FollowUpLogged it => new($"Follow-up, {Words.English(it.Outcome)}: {it.Note} {Next(it.NextOn, it.NextStep).En}", $"跟进，{Words.Chinese(it.Outcome)}：{it.Note} {Next(it.NextOn, it.NextStep).Zh}"),
        HelpRequested it => new($"They asked for help: {it.Question}", $"客户求助：{it.Question}"),
        HelpTaken it => new($"{it.Owner} will answer their request.", $"由 {it.Owner} 答复该求助。"),
        HelpAnswered it => new($"They were answered: {it.Answer}", $"已答复客户：{it.Answer}"),
        ExtensionRequested it => new($"They asked for more time, until the end of {Day(it.Until).En}: {it.Reason}", $"客户申请延期至 {Day(it.Until).Zh}：{it.Reason}"),
        ExtensionRefused it => new($"More time was refused: {it.Reason}", $"未同意延期：{it.Reason}"),
        IncentiveOffered it => new($"They were offered, for moving by {Day(it.MoveBy).En}: {it.What} ({it.Currency} {it.Value:#,0.##})", $"提供激励（{Day(it.MoveBy).Zh}前完成迁移）：{it.What}（{it.Currency} {it.Value:#,0.##}）"),
        IncentiveGranted it => new($"The incentive was granted. {it.Note}", $"激励已发放。{it.Note}"),
        IncentiveUsed it => new($"The incentive was used. {it.Note}", $"激励已使用。{it.Note}"),
        CustomerFaqWritten it => new($"An answer was written for them: {it.Question.En}", $"为其撰写了专属答复：{it.Question.Zh}"),
        CustomerFaqRemoved => new("An answer written for them was removed.", "删除了一条专属答复。"),
        MigrationRunRequested it => it.DryRun
            ? new($"A dry run of the migration tool was started, attempt {it.Attempt}.", $"启动迁移工具试运行，第 {it.Attempt} 次。")
            : new($"The migration tool was started, attempt {it.Attempt}.", $"启动迁移工具，第 {it.Attempt} 次。"),
        MigrationRunStopped it => new($"The migration tool was told to stop. {it.Reason}", $"已要求停止迁移工具。{it.Reason}"),
        MigrationRunFinished it => it.Succeeded
            ? new($"The migration tool succeeded{Share(it).En}. {it.Output}", $"迁移工具执行成功{Share(it).Zh}。{it.Output}")
            : new($"The migration tool failed{Share(it).En}. {it.Output}", $"迁移工具执行失败{Share(it).Zh}。{it.Output}"),
        _ => null,
    };

    private static Text Share(MigrationRunFinished run) => run is { Done: { } done, Total: { } total } ? new($", {done} of {total}", $"（{done}/{total}）") : default;

    private static Text Next(DateOnly? on, string step) => (on, step.Length) switch
    {
        ({ } day, > 0) => new($"Next on {Day(day).En}: {step}", $"下一步（{Day(day).Zh}）：{step}"),
        ({ } day, _) => new($"Next on {Day(day).En}.", $"下次跟进：{Day(day).Zh}。"),
        (_, > 0) => new($"Next: {step}", $"下一步：{step}"),
        _ => default,
    };
}
