using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What must hold before a closing, and how long a restore may last; edited by an administrator.</summary>
internal sealed record ClosingRules : IRules
{
    static string ISettings.Name => "closing-rules";

    /// <summary>The restore drill was passed at most this many days ago.</summary>
    public int DrillDays { get; init; } = 30;

    /// <summary>The backup was checked at most this many days ago.</summary>
    public int BackupDays { get; init; } = 30;

    /// <summary>An emergency restore ends after at most this many days; it can be pressed again.</summary>
    public int LongestRestoreDays { get; init; } = 30;

    /// <summary>A rehearsal outage is announced at least this many days ahead.</summary>
    public int BrownoutNoticeDays { get; init; } = 7;

    public int LongestBrownoutMinutes { get; init; } = 60;

    public Refusal? Problem() =>
        DrillDays is < 1 or > 365 || BackupDays is < 1 or > 365 || LongestRestoreDays is < 1 or > 365 || BrownoutNoticeDays is < 1 or > 90 || LongestBrownoutMinutes is < 1 or > 480
            ? new Refusal("closing-rules.out-of-range", "Drill, backup and restore: 1 to 365 days; notice of a rehearsal: 1 to 90 days; its length: 1 to 480 minutes.",
                "演练、备份与恢复期限为 1 至 365 天；演练停用提前 1 至 90 天公告，时长 1 至 480 分钟。")
            : null;
}
