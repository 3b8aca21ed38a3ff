using System.Collections.Immutable;
using System.Globalization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>What the module costs and earns, month by month (A2).</summary>
internal sealed record StateCost(string Currency, ImmutableArray<CostMonth> Months)
{
    private const int Most = 120;
    private const int YearsApart = 15;
    private const decimal Largest = 1_000_000_000_000m;

    public Decision Decide(Retirement retirement)
    {
        if (Gathering.NotNow(retirement) is { } refusal)
            return refusal;
        if (Currency is not { Length: 3 } || !Currency.All(char.IsAsciiLetterUpper))
            return Refuse("cost.currency", "currency", "A currency is three capital letters, such as CNY.", "币种为三个大写字母，例如 CNY。");
        if (Months.IsDefaultOrEmpty || Months.Length > Most)
            return Refuse("cost.months", "months", $"State 1 to {Most} months.", $"请填写 1 到 {Most} 个月。");
        if (Months.Any(month => month is null || month.Servers < 0 || month.People < 0 || month.BugFixing < 0 || month.Revenue < 0 || month.Total > Largest || month.Revenue > Largest))
            return Refuse("cost.amount", "months", "Amounts are zero or more, and under a million million.", "金额须大于等于零，且不超过一万亿。");
        if (Months.Max(month => month.Month).Year - Months.Min(month => month.Month).Year > YearsApart)
            return Refuse("cost.apart", "months", $"The months lie more than {YearsApart} years apart. Is a year mistyped?", $"月份相隔超过 {YearsApart} 年。年份是否有误？");
        var months = Months.Select(month => month with { Month = new DateOnly(month.Month.Year, month.Month.Month, 1) }).OrderBy(month => month.Month).ToImmutableArray();
        if (months.Select(month => month.Month).Distinct().Count() < months.Length)
            return Refuse("cost.twice", "months", "A month stands there twice.", "有月份重复。");
        return new CostStated(Currency, months);
    }

    /// <summary>Reads lines <c>2026-10, servers, people, bug fixing[, revenue]</c> as people paste them from a sheet.</summary>
    public static Outcome<StateCost> Read(string currency, string lines)
    {
        var months = new List<CostMonth>();
        foreach (var (line, number) in lines.Split('\n').Select((line, at) => (line.Trim(), at + 1)).Where(line => line.Item1.Length > 0).Take(Most + 1))
        {
            var cells = line.Split([',', '，', ';', '；', '\t'], StringSplitOptions.TrimEntries);
            var amounts = cells.Skip(1).Select(Amount).ToList();
            if (cells.Length is < 4 or > 5 || !DateOnly.TryParseExact($"{cells[0]}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) || amounts.Take(3).Any(amount => amount is null) || (amounts.Count == 4 && amounts[3] is null && cells[4].Length > 0))
                return new Refusal("cost.line", $"Line {number}, “{Shortened(line)}”, is not “2026-10, servers, people, bug fixing, revenue”.", $"第 {number} 行“{Shortened(line)}”格式不符，应为“2026-10，服务器，人力，缺陷修复，收入”。") { Field = "lines" };
            months.Add(new CostMonth(month, amounts[0]!.Value, amounts[1]!.Value, amounts[2]!.Value, amounts.Count == 4 ? amounts[3] : null));
        }
        return new StateCost(currency.Trim().ToUpperInvariant(), [.. months]);
    }

    private static decimal? Amount(string cell) => decimal.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..60] + "…";

    private static Refusal Refuse(string code, string field, string en, string zh) => new(code, en, zh) { Field = field };
}
