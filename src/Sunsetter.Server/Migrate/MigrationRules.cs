using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Migrate;

/// <summary>How migrations are followed; edited by an administrator.</summary>
internal sealed record MigrationRules : ISettings
{
    static string ISettings.Name => "migration-rules";

    /// <summary>An extension ends at most this many days after the closing day.</summary>
    public int LongestExtensionDays { get; init; } = 90;

    /// <summary>"Uses the module" means: was active within this many days.</summary>
    public int WindowDays { get; init; } = 28;

    public Refusal? Problem() =>
        LongestExtensionDays is < 1 or > 365 || WindowDays is < 7 or > 90
            ? new Refusal("migration-rules.out-of-range", "Extensions last 1 to 365 days, the window of use is 7 to 90 days.", "延期上限为 1 至 365 天，使用窗口为 7 至 90 天。")
            : null;
}
