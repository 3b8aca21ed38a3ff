using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Migrate;

/// <summary>How migrations are followed; edited by an administrator.</summary>
internal sealed record MigrationRules : IRules
{
    static string ISettings.Name => "migration-rules";

    /// <summary>An extension ends at most this many days after the closing day.</summary>
    public int LongestExtensionDays { get; init; } = 90;

    public Refusal? Problem() => LongestExtensionDays is < 1 or > 365
        ? new Refusal("migration-rules.out-of-range", "An extension lasts 1 to 365 days at most.", "延期上限为 1 至 365 天。") { Field = "longestExtensionDays" }
        : null;
}
