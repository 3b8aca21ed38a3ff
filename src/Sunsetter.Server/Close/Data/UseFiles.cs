using System.Globalization;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Close;

/// <summary>Use in files that outlive us: never without what is known of the days it was counted on.</summary>
internal sealed class UseFiles(UsageQuestions usage)
{
    public const int Stretch = 399;

    /// <summary>coverage.csv: who reported on the module and its replacement, and on how many of the days.</summary>
    public async Task<(string Name, string Content)> Coverage(Retirement retirement, DateOnly until, CancellationToken cancel)
    {
        ModuleKey[] modules = retirement.Replacement is { } replacement ? [retirement.Module, replacement] : [retirement.Module];
        var coverages = await usage.Coverages(modules, until.AddDays(1 - Stretch), until, cancel);
        return ("coverage.csv", CsvCell.Line("module", "source", "first_report", "last_report", "covered_days", "of_days", "gaps") + string.Concat(modules.SelectMany(module => Lines(module, coverages[module]))));
    }

    /// <summary>Users of each week with whether all its days are known: a zero means nobody only where they are.</summary>
    public async Task<IReadOnlyDictionary<CustomerKey, IReadOnlyList<(DateOnly Until, long Users, bool Known)>>> Weeks(ModuleKey module, DateOnly until, CancellationToken cancel)
    {
        var coverage = await usage.Coverage(module, until.AddDays(1 - Stretch), until, cancel);
        return (await usage.Customers(module, until, Stretch, cancel)).ToDictionary(customer => customer.Customer, customer => Weeks(customer.Weeks, until, coverage));
    }

    /// <summary>The same of one customer, for whom nobody else's use is read.</summary>
    public async Task<IReadOnlyList<(DateOnly Until, long Users, bool Known)>> WeeksOf(CustomerKey customer, ModuleKey module, DateOnly until, CancellationToken cancel) =>
        Weeks(await usage.WeeksOf(customer, module, until, Stretch, cancel), until, await usage.Coverage(module, until.AddDays(1 - Stretch), until, cancel));

    private static IReadOnlyList<(DateOnly Until, long Users, bool Known)> Weeks(IReadOnlyList<long> weeks, DateOnly until, Coverage coverage) =>
        [.. weeks.Select((users, week) => (End: until.AddDays(-7 * (weeks.Count - 1 - week)), users)).Select(week => (week.End, week.users, coverage.Covers(week.End, 7)))];

    private static IEnumerable<string> Lines(ModuleKey module, Coverage coverage)
    {
        var (known, days) = (coverage.CoveredDays.ToString(CultureInfo.InvariantCulture), coverage.Days.ToString(CultureInfo.InvariantCulture));
        var gaps = string.Join(' ', coverage.Gaps.Select(gap => $"{Days.Iso(gap.From)}/{Days.Iso(gap.Until)}"));
        return coverage.Sources.Count == 0 ? [CsvCell.Line(module.Value, "", "", "", known, days, gaps)]
            : coverage.Sources.Select(source => CsvCell.Line(module.Value, source.Source, Days.Iso(source.First), Days.Iso(source.Last), known, days, gaps));
    }

}
