using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Which days a module may close on, by the vendor's calendar and the freeze windows.</summary>
/// <param name="Country">Whose calendar guards the day: the vendor's, whose engineers must be at work.</param>
internal sealed record ClosingDays(BusinessCalendar Calendar, FreezeWindows Freezes, string Country, UnknownYear UnknownYear)
{
    private const int LooksAhead = 400;

    /// <summary>Why nothing may close on that day, for these customers; null where it may. An unknown year is asked about apart, see <see cref="IsUnknown"/>.</summary>
    public Refusal? Forbids(DateOnly day, IEnumerable<CustomerKey> customers)
    {
        var affected = customers.ToHashSet();
        var standing = Calendar.Of(Country, day);
        if (Freeze(day, affected) is { } freeze)
        {
            var whose = freeze.Customer is { } one ? (En: $" for {one}", Zh: $"（客户 {one}）") : (En: "", Zh: "");
            return Refuse("calendar.freeze", $"{Days.En(day)} lies in the freeze {Days.En(freeze.From)} to {Days.En(freeze.To)}{whose.En} ({freeze.Reason})", $"{Days.Zh(day)}处于 {Days.Zh(freeze.From)}至 {Days.Zh(freeze.To)}的冻结期{whose.Zh}（{freeze.Reason}）", day, affected);
        }
        return standing.Kind switch
        {
            DayKind.Holiday => Refuse("calendar.holiday", $"{Days.En(day)} is a holiday in {Country} ({standing.Name})", $"{Days.Zh(day)}是 {Country} 的节假日（{standing.Name}）", day, affected),
            DayKind.Weekend => Refuse("calendar.weekend", $"{Days.En(day)} is a {day.DayOfWeek}, a weekend", $"{Days.Zh(day)}是周末", day, affected),
            _ => null,
        };
    }

    /// <summary>The holidays of that day's year are not published.</summary>
    public bool IsUnknown(DateOnly day) => !Calendar.Of(Country, day).Known;

    /// <summary>Why an unknown year does not do, unless somebody confirms it with a reason; null where it does.</summary>
    public Refusal? ForbidsUnknown(DateOnly day, string? confirmation) => !IsUnknown(day) || UnknownYear == UnknownYear.Warn ? null
        : UnknownYear == UnknownYear.Refuse
            ? new Refusal("calendar.unknown-year", $"The holidays of {day.Year} in {Country} are not published, and the policy does not allow a closing day in such a year. Import them, or choose a day of a year that is known.",
                $"{Country} {day.Year} 年的节假日安排尚未公布，政策不允许在这样的年份下线。请导入节假日，或选择已公布年份的日期。")
        : string.IsNullOrWhiteSpace(confirmation)
            ? new Refusal("calendar.unknown-year", $"The holidays of {day.Year} in {Country} are not published: {Days.En(day)} may turn out to be one. Import them, or confirm the day with a reason.",
                $"{Country} {day.Year} 年的节假日安排尚未公布：{Days.Zh(day)}可能是节假日。请导入节假日，或说明理由并确认。")
            { Field = "unknownYearReason" }
        : null;

    /// <summary>The first day from <paramref name="from"/> on that nothing forbids; null where there is none within <see cref="LooksAhead"/> days.</summary>
    public DateOnly? Next(DateOnly from, IReadOnlySet<CustomerKey> customers)
    {
        for (var ahead = 0; ahead <= LooksAhead; ahead++)
        {
            var day = from.AddDays(ahead);
            if (Calendar.Of(Country, day).Works && Freeze(day, customers) is null)
                return day;
        }
        return null;
    }

    private FreezeWindow? Freeze(DateOnly day, IReadOnlySet<CustomerKey> customers) =>
        Freezes.Windows.FirstOrDefault(window => window.Covers(day) && (window.Customer is null || customers.Contains(window.Customer.Value)));

    private Refusal Refuse(string code, string en, string zh, DateOnly day, IReadOnlySet<CustomerKey> customers)
    {
        var next = Next(day, customers);
        return next is { } allowed
            ? new Refusal(code, $"{en}. The next allowed day is {Days.En(allowed)}{(IsUnknown(allowed) ? ", as far as its year's holidays are published" : "")}.", $"{zh}。下一个允许的日期是 {Days.Zh(allowed)}{(IsUnknown(allowed) ? "（该年节假日尚未公布）" : "")}。")
            : new Refusal(code, $"{en}. No day of the next {LooksAhead} is allowed: look at the freeze windows.", $"{zh}。之后 {LooksAhead} 天内没有允许的日期：请检查冻结期。");
    }

}
