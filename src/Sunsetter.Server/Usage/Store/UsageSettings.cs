using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>How usage is kept and when it is enough to judge by.</summary>
internal sealed record UsageSettings : IRules
{
    static string ISettings.Name => "usage";

    /// <summary>Keep user ids only as keyed hashes. Applies to what comes in from then on.</summary>
    public bool HashUsers { get; init; }

    /// <summary>Secret of the hashes, base64.</summary>
    public string HashKey { get; init; } = "";

    /// <summary>A source that is silent for up to so many days in a row is taken as idle (a weekend); longer silence is a gap. 0 to 31.</summary>
    public int IdleDays { get; init; } = 3;

    /// <summary>The share of days that must be covered before a figure counts as sufficient. 0 to 1.</summary>
    public double EnoughCoverage { get; init; } = 0.9;

    /// <summary>Keys that the catalogue does not know: so many modules are kept, further ones are rejected.</summary>
    public int MostUnknownModules { get; init; } = 1_000;

    /// <summary>Keys that the catalogue does not know: so many customers are kept, further ones are rejected.</summary>
    public int MostUnknownCustomers { get; init; } = 50_000;

    public Refusal? Problem() =>
        IdleDays is < 0 or > 31 || EnoughCoverage is not (>= 0 and <= 1) || MostUnknownModules is < 0 or > 100_000 || MostUnknownCustomers is < 0 or > 1_000_000
            ? new Refusal("usage-rules.out-of-range", "Silence taken as idle: 0 to 31 days; coverage: 0 to 100 %; unknown keys: up to 100,000 modules and 1,000,000 customers.",
                "视为空闲的静默：0 至 31 天；覆盖率：0 至 100%；未知标识：最多 100,000 个模块与 1,000,000 个客户。")
            : null;
}
