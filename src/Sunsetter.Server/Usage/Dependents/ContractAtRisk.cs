namespace Sunsetter.Server.Usage;

/// <summary>A contract that is a considerable part of all, whose customer still uses the module or will again.</summary>
internal static class ContractAtRisk
{
    private const double Considerable = 0.02;
    private const int Recent = 90;
    private const int FewestDays = 3;

    public static DependenceFlag? Find(DependenceInput input, List<int> active, bool periodic)
    {
        if (input.AllValue <= 0 || (double)(input.AnnualValue / input.AllValue) < Considerable)
            return null;
        var days = active.Count(day => day > input.Today - Recent);
        if (days < FewestDays && !periodic)
            return null;
        var share = (double)(input.AnnualValue / input.AllValue);
        return new(DependenceKind.ContractValue, (int)Math.Round(15 + 35 * Math.Min(1, 5 * share)), new(
            FormattableString.Invariant($"Their contract is {100 * share:0.#}% of all contract value, and they used the module on {days} of the last {Recent} days."),
            FormattableString.Invariant($"其合同占全部合同金额的 {100 * share:0.#}%，最近 {Recent} 天中有 {days} 天使用此模块。")));
    }
}
