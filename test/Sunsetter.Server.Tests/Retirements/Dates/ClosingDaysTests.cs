using System.Collections.Immutable;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

public sealed class ClosingDaysTests
{
    private static readonly CustomerKey Huaxin = new("huaxin");
    private static readonly CustomerKey Orbit = new("orbit");

    // Friday 5 Mar 2027 is a holiday, Saturday the 13th a make-up working day; 2028 is unknown.
    private static readonly ClosingDays Days = new(
        new BusinessCalendar(new Dictionary<(string, int), ImmutableArray<SpecialDay>>
        {
            [("CN", 2027)] = [new(new(2027, 3, 5), SpecialDayKind.Holiday, "Lantern day"), new(new(2027, 3, 13), SpecialDayKind.WorkingDay, "Lantern day")],
        }),
        new FreezeWindows { Windows = [new(new(2027, 3, 22), new(2027, 3, 31), "quarter end", null), new(new(2027, 4, 12), new(2027, 4, 12), "audit", Huaxin)] },
        "CN", UnknownYear.RefuseUnlessConfirmed);

    [Fact]
    public void A_working_day_is_allowed() => Assert.Null(Days.Forbids(new(2027, 3, 4), [Huaxin]));

    [Fact]
    public void A_holiday_is_refused_with_its_name_and_the_next_allowed_day()
    {
        var refusal = Days.Forbids(new(2027, 3, 5), [Huaxin]);

        Assert.Equal("calendar.holiday", refusal?.Code);
        Assert.Equal("5 Mar 2027 is a holiday in CN (Lantern day). The next allowed day is 8 Mar 2027.", refusal!.Sentence.En);
    }

    [Theory]
    [InlineData("2027-03-22", "calendar.freeze")]
    [InlineData("2027-03-05", "calendar.holiday")]
    [InlineData("2027-03-06", null)] // no day becomes a weekend
    [InlineData("2027-03-04", null)]
    public void A_promised_day_that_a_freeze_or_a_holiday_has_taken_is_lost(string day, string? code)
    {
        var retirement = Told.Retirement(new RetirementApproved(), new RetirementScheduled(Told.Plan with { ClosesOn = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture) }, null));

        Assert.Equal(code, PromisedDays.Lost(retirement, [Told.Entry()], Days, new(2027, 1, 1))?.Code);
        Assert.Equal(code, PromisedDays.Lost(retirement, [], Days, new(2027, 1, 1))?.Code);
        Assert.Null(PromisedDays.Lost(retirement, [Told.Entry()], Days, new(2027, 3, 22)));
    }

    [Fact]
    public void A_weekend_is_refused() => Assert.Equal("calendar.weekend", Days.Forbids(new(2027, 3, 6), [])?.Code);

    [Fact]
    public void A_saturday_on_which_people_work_is_allowed() => Assert.Null(Days.Forbids(new(2027, 3, 13), []));

    [Theory]
    [InlineData("2027-03-19", null)]
    [InlineData("2027-03-22", "calendar.freeze")]
    [InlineData("2027-03-31", "calendar.freeze")]
    [InlineData("2027-04-01", null)]
    public void A_freeze_holds_from_its_first_to_its_last_day(string day, string? code) => Assert.Equal(code, Days.Forbids(DateOnly.Parse(day, null), [])?.Code);

    [Fact]
    public void The_next_allowed_day_after_a_freeze_is_the_first_working_day() =>
        Assert.Equal(new DateOnly(2027, 4, 1), Days.Next(new(2027, 3, 20), new HashSet<CustomerKey>()));

    [Fact]
    public void A_customers_own_freeze_forbids_the_day_only_where_they_close_on_it()
    {
        Assert.Equal("calendar.freeze", Days.Forbids(new(2027, 4, 12), [Huaxin, Orbit])?.Code);
        Assert.Null(Days.Forbids(new(2027, 4, 12), [Orbit]));
    }

    [Fact]
    public void A_year_without_published_holidays_is_unknown_not_free_of_them()
    {
        Assert.True(Days.IsUnknown(new(2028, 3, 6)));
        Assert.False(Days.Calendar.Of("CN", new(2028, 3, 6)).Known);
        Assert.Equal("calendar.unknown-year", Days.ForbidsUnknown(new(2028, 3, 6), null)?.Code);
        Assert.Equal("calendar.unknown-year", Days.ForbidsUnknown(new(2028, 3, 6), " ")?.Code);
    }

    [Fact]
    public void An_unknown_year_does_when_somebody_confirms_it_with_a_reason() => Assert.Null(Days.ForbidsUnknown(new(2028, 3, 6), "The law fixes the festival in February."));

    [Fact]
    public void A_strict_policy_takes_no_reason_for_an_unknown_year() =>
        Assert.Equal("calendar.unknown-year", (Days with { UnknownYear = UnknownYear.Refuse }).ForbidsUnknown(new(2028, 3, 6), "please")?.Code);

    [Fact]
    public void A_lenient_policy_only_warns() => Assert.Null((Days with { UnknownYear = UnknownYear.Warn }).ForbidsUnknown(new(2028, 3, 6), null));

    [Fact]
    public void A_known_year_needs_no_confirmation() => Assert.Null(Days.ForbidsUnknown(new(2027, 3, 4), null));

    [Fact]
    public void A_weekend_is_a_weekend_in_an_unknown_year_too() => Assert.Equal("calendar.weekend", Days.Forbids(new(2028, 3, 4), [])?.Code);

    [Theory]
    [InlineData("SA", "2027-03-05", DayKind.Weekend)]
    [InlineData("SA", "2027-03-07", DayKind.Working)]
    [InlineData("DE", "2027-03-05", DayKind.Working)]
    [InlineData("DE", "2027-03-07", DayKind.Weekend)]
    internal void The_weekend_is_the_countrys_own(string country, string day, DayKind kind) =>
        Assert.Equal(kind, BusinessCalendar.Empty.Of(country, DateOnly.Parse(day, null)).Kind);

    [Fact]
    public void Where_everything_is_frozen_no_next_day_is_invented()
    {
        var frozen = Days with { Freezes = new FreezeWindows { Windows = [new(new(2027, 1, 1), new(2030, 1, 1), "moving house", null)] } };

        Assert.Null(frozen.Next(new(2027, 3, 4), new HashSet<CustomerKey>()));
        Assert.Contains("No day of the next 400 is allowed", frozen.Forbids(new(2027, 3, 4), [])!.Sentence.En);
    }
}
