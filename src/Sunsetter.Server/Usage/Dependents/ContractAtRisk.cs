namespace Sunsetter.Server.Usage;

/// <summary>A contract that is a considerable part of all, whose customer still uses the module or will again.</summary>
internal static class ContractAtRisk
{
    /// <summary>Days that are looked at.</summary>
    public const int Recent = 90;

    private const double Considerable = 0.02;
    private const int FewestDays = 3;

    /// <param name="days">Days with use among the last ones.</param>
    public static DependenceFlag? Find(decimal value, decimal all, int days, bool periodic)
    {
        if (all <= 0 || (double)(value / all) < Considerable || days < FewestDays && !periodic)
            return null;
        var share = (double)(value / all);
        return new(DependenceKind.ContractValue, (int)Math.Round(15 + 35 * Math.Min(1, 5 * share)), new(
            FormattableString.Invariant($"Their contract is {100 * share:0.#}% of all contract value, and they used the module on {days} of the last {Recent} days."),
            FormattableString.Invariant($"其合同占全部合同金额的 {100 * share:0.#}%，最近 {Recent} 天中有 {days} 天使用此模块。")));
    }
}
