using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>Names of what the migrate and close stages know, in either language and in the reader's.</summary>
internal static partial class Words
{
    public static string Name(MoveState state) => T(English(state), Chinese(state));

    public static string Name(FollowUpOutcome outcome) => T(English(outcome), Chinese(outcome));

    public static string Name(DataKind kind) => T(English(kind), Chinese(kind));

    public static string English(MoveState state) => state switch
    {
        MoveState.NotStarted => "not started",
        MoveState.Moving => "moving",
        MoveState.Quiet => "quiet",
        MoveState.Moved => "moved",
        MoveState.WentBack => "went back",
        _ => "unknown",
    };

    public static string Chinese(MoveState state) => state switch
    {
        MoveState.NotStarted => "未开始",
        MoveState.Moving => "迁移中",
        MoveState.Quiet => "静默",
        MoveState.Moved => "已迁移",
        MoveState.WentBack => "已回流",
        _ => "未知",
    };

    public static string English(FollowUpOutcome outcome) => outcome switch
    {
        FollowUpOutcome.Reached => "reached",
        FollowUpOutcome.NoAnswer => "no answer",
        FollowUpOutcome.Promised => "promised to move",
        FollowUpOutcome.NeedsHelp => "needs help",
        _ => "refuses to move",
    };

    public static string Chinese(FollowUpOutcome outcome) => outcome switch
    {
        FollowUpOutcome.Reached => "已联系上",
        FollowUpOutcome.NoAnswer => "未接通",
        FollowUpOutcome.Promised => "承诺迁移",
        FollowUpOutcome.NeedsHelp => "需要协助",
        _ => "拒绝迁移",
    };

    public static string English(DataKind kind) => kind switch
    {
        DataKind.Usage => "usage",
        DataKind.MigrationRuns => "migration runs",
        DataKind.Notices => "messages sent",
        _ => "archives",
    };

    public static string Chinese(DataKind kind) => kind switch
    {
        DataKind.Usage => "使用数据",
        DataKind.MigrationRuns => "迁移运行记录",
        DataKind.Notices => "已发送的消息",
        _ => "归档文件",
    };
}
