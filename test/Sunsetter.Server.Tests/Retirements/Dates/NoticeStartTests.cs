using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

public sealed class NoticeStartTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 20, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 12, 20);
    private static readonly DateOnly ToldOn = new(2026, 12, 1);
    private static readonly DateOnly March = new(2027, 3, 1);

    private static readonly LedgerEntry Untold = new(RetirementId.New(), new CustomerKey("huaxin"));
    private static readonly LedgerEntry ToldOfMarch = Told(Untold, 1, March, ToldOn);

    [Fact]
    public void It_counts_from_the_day_on_which_somebody_was_told() => Assert.Equal(ToldOn, NoticeStart.Of(ToldOfMarch, March, new(2026, 11, 1), Now));

    [Fact]
    public void Before_anybody_is_told_it_counts_from_the_planned_day() => Assert.Equal(new DateOnly(2026, 12, 21), NoticeStart.Of(Untold, March, new(2026, 12, 21), Now));

    [Fact]
    public void A_planned_day_that_has_passed_does_not_count() => Assert.Equal(Today, NoticeStart.Of(Untold, March, new(2026, 12, 19), Now));

    [Fact]
    public void A_day_that_is_put_off_keeps_the_notice_given_for_the_earlier_one() => Assert.Equal(ToldOn, NoticeStart.Of(ToldOfMarch, March.AddDays(1), null, Now));

    [Fact]
    public void A_day_brought_forward_has_not_been_told_at_all() => Assert.Equal(Today, NoticeStart.Of(ToldOfMarch, March.AddDays(-1), null, Now));

    [Fact]
    public void Once_told_of_the_earlier_day_too_it_counts_from_then() =>
        Assert.Equal(new DateOnly(2026, 12, 15), NoticeStart.Of(Told(ToldOfMarch, 2, March.AddDays(-1), new(2026, 12, 15)), March.AddDays(-1), null, Now));

    [Fact]
    public void One_who_was_told_another_day_must_be_told_again()
    {
        Assert.False(NoticeStart.MustBeToldAgain(ToldOfMarch, March));
        Assert.True(NoticeStart.MustBeToldAgain(ToldOfMarch, March.AddDays(1)));
        Assert.False(NoticeStart.MustBeToldAgain(Untold, March));
        Assert.False(NoticeStart.MustBeToldAgain(ToldOfMarch with { ClosedAt = Now }, March.AddDays(1)));
    }

    [Fact]
    public void Today_is_the_customers_own_day()
    {
        var evening = new DateTimeOffset(2026, 12, 20, 16, 0, 0, TimeSpan.Zero);

        Assert.Equal(new DateOnly(2026, 12, 21), NoticeStart.Of(Untold with { TimeZone = "Asia/Shanghai" }, March, null, evening));
        Assert.Equal(new DateOnly(2026, 12, 20), NoticeStart.Of(Untold with { TimeZone = "America/New_York" }, March, null, evening));
    }

    internal static LedgerEntry Told(LedgerEntry entry, int edition, DateOnly closesOn, DateOnly on) =>
        new EntryFact[] { new NoticeIssued(edition, NoticeKind.First, "first", closesOn), new NoticeSent(edition, "zhao@huaxin.test", "email", $"<{edition}@vendor.test>", on) }
            .Aggregate(entry, (state, fact) => state.Apply(new Recorded(entry.Retirement, entry.Customer, state.Version + 1, Now, "sunsetter", fact)));
}
