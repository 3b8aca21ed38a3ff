using Sunsetter.Server.Close;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

/// <summary>How long each kind of data is kept, and what keeps it longer.</summary>
public sealed class RetentionRulesTests
{
    private static readonly RetentionRules Rules = new();
    private static readonly DateTimeOffset ClosedAt = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hold_on_everything_wins_over_every_kind() => Assert.All(
        Retention.Of(Done(new LegalHoldPlaced(Guid.CreateVersion7(), null, "Case")), [Told.Entry(new CustomerClosed(ClosedAt))], Rules), kept => Assert.Equal(Keeps.LegalHold, kept.Keeps));

    [Fact]
    public void Without_a_verified_archive_nothing_of_a_customer_is_deleted() =>
        Assert.All(Retention.Of(Done(), [Told.Entry(new CustomerClosed(ClosedAt))], Rules).Where(kept => kept.Customer is not null), kept => Assert.Equal(Keeps.NoArchive, kept.Keeps));

    [Fact]
    public void While_it_is_observed_nothing_is_deleted() =>
        Assert.All(Retention.Of(Told.Migrating(), [Told.Entry(new CustomerClosed(ClosedAt))], Rules), kept => Assert.Equal(Keeps.NotFinished, kept.Keeps));

    [Fact]
    public void The_last_day_of_the_period_still_belongs_to_it()
    {
        // Closed on 21 November in Shanghai.
        var kept = Retention.Of(Done(), [Told.Entry(new CustomerClosed(ClosedAt))], Rules with { UsageDays = 1 }).First(one => one.Kind == DataKind.Usage);

        Assert.False(kept.EndedOn(new DateOnly(2026, 11, 22)));
        Assert.True(kept.EndedOn(new DateOnly(2026, 11, 23)));
    }

    [Fact]
    public void Zero_days_is_for_ever() => Assert.Null(Retention.Of(Done(), [Told.Entry(new CustomerClosed(ClosedAt))], Rules with { UsageDays = 0 })[0].KeptUntil);

    [Theory]
    [InlineData(-1, true), InlineData(0, false), InlineData(RetentionRules.Longest, false), InlineData(RetentionRules.Longest + 1, true)]
    public void A_period_is_zero_to_a_century(int days, bool refused) => Assert.Equal(refused, (Rules with { UsageDays = days }).Problem() is not null);

    private static Retirement Done(params RetirementFact[] facts) => Told.Migrating([new ClosingConfirmed("go"), new ObservationStarted(new DateOnly(2026, 12, 5)), new RetirementFinished("", ""), .. facts]);
}
