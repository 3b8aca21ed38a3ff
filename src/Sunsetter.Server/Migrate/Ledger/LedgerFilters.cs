namespace Sunsetter.Server.Migrate;

/// <summary>The filters of the ledger as addresses name them.</summary>
internal static class LedgerFilters
{
    public static string Known { get; } = string.Join(", ", Enum.GetValues<LedgerFilter>().Select(Slug));

    public static LedgerFilter? Of(string? slug) => Enum.GetValues<LedgerFilter>().Where(filter => Slug(filter) == slug).Select(filter => (LedgerFilter?)filter).FirstOrDefault();

    public static string Slug(LedgerFilter filter) => filter switch
    {
        LedgerFilter.NeedsWork => "needs-work",
        LedgerFilter.WentBack => "went-back",
        _ => filter.ToString().ToLowerInvariant(),
    };
}
