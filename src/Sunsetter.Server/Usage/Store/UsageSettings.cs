using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>How usage is kept and when it is enough to judge by.</summary>
internal sealed record UsageSettings : IRules
{
    static string ISettings.Name => "usage";

    /// <summary>Keep user ids only as keyed hashes, those that are stored too. Null: not said, as it is. Once true, for good; see <see cref="KeepUsageRules"/>.</summary>
    public bool? HashUsers { get; init; }

    /// <summary>Secret of the hashes, base64. Made by the server; never leaves it.</summary>
    public string HashKey { get; init; } = "";

    /// <summary>A source that is silent for up to so many days in a row is taken as idle (a weekend); longer silence is a gap. 0 to 31.</summary>
    public int IdleDays { get; init; } = 3;

    /// <summary>The share of days that must be covered before a figure counts as sufficient. 0 to 1.</summary>
    public double EnoughCoverage { get; init; } = 0.9;

    /// <summary>Keys that the catalogue does not know: so many modules are kept, further ones are rejected.</summary>
    public int MostUnknownModules { get; init; } = 1_000;

    /// <summary>Keys that the catalogue does not know: so many customers are kept, further ones are rejected.</summary>
    public int MostUnknownCustomers { get; init; } = 50_000;

    /// <summary>Single days are kept so long, then they are added up to weeks and months; 0: for good. Questions look up to 860 days back, so at least 900.</summary>
    public int DaysKept { get; init; }

    /// <summary>Weeks are kept so long, then months only; 0: for good. Not less than the days.</summary>
    public int WeeksKept { get; init; }

    public Refusal? Problem() =>
        DaysKept is not 0 and (< 900 or > 36_500) || WeeksKept is < 0 or > 5_200 || (WeeksKept > 0 && (DaysKept == 0 || 7 * WeeksKept < DaysKept))
            ? new Refusal("usage-rules.kept", "Days are kept for 0 (for good) or 900 to 36,500 days; weeks for 0 or up to 5,200 weeks, longer than the days.", "日数据保留 0（永久）或 900 至 36,500 天；周数据保留 0 或至多 5,200 周，且不得短于日数据。")
            : IdleDays is < 0 or > 31 || EnoughCoverage is not (>= 0 and <= 1) || MostUnknownModules is < 0 or > 100_000 || MostUnknownCustomers is < 0 or > 1_000_000
                ? new Refusal("usage-rules.out-of-range", "Silence taken as idle: 0 to 31 days; coverage: 0 to 100%; unknown keys: up to 100,000 modules and 1,000,000 customers.",
                    "视为空闲的静默：0 至 31 天；覆盖率：0 至 100%；未知标识：最多 100,000 个模块与 1,000,000 个客户。")
                : null;
}
