using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>How long each kind of data is kept (C2); edited by an administrator. 0: it is never deleted by itself.</summary>
internal sealed record RetentionRules : IRules
{
    static string ISettings.Name => "retention-rules";

    public const int Longest = 36_500;

    /// <summary>Who of a customer used the closed module on which day: so many days after that customer was closed.</summary>
    public int UsageDays { get; init; } = 365;

    /// <summary>What migration tools said: so many days after the customer was closed.</summary>
    public int MigrationRunDays { get; init; } = 365;

    /// <summary>Messages with their recipients: so many days after the customer was closed.</summary>
    public int NoticeDays { get; init; } = 1_095;

    /// <summary>Archive files: so many days after the retirement ended.</summary>
    public int ArchiveDays { get; init; } = 3_650;

    public int DaysOf(DataKind kind) => kind switch
    {
        DataKind.Usage => UsageDays,
        DataKind.MigrationRuns => MigrationRunDays,
        DataKind.Notices => NoticeDays,
        _ => ArchiveDays,
    };

    public Refusal? Problem() =>
        UsageDays is < 0 or > Longest || MigrationRunDays is < 0 or > Longest || NoticeDays is < 0 or > Longest || ArchiveDays is < 0 or > Longest
            ? new Refusal("retention-rules.out-of-range", $"Data is kept 0 (for ever) to {Longest} days.", $"保留期为 0（永久）至 {Longest} 天。")
            : null;
}
