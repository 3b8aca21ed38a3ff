using System.Globalization;
using Sunsetter.Server.Observe;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Observe;

/// <summary>Who uses a module although it is closed for them, and who may.</summary>
public sealed class UseAfterClosingTests
{
    private static readonly CustomerKey Orbit = new("orbit");
    private static readonly DateOnly From = new(2026, 11, 1);

    // Two in the morning in Shanghai: six in the evening of the day before, UTC.
    private static readonly DateTimeOffset ClosedAt = new(2026, 11, 1, 18, 0, 0, TimeSpan.Zero);

    private static readonly Retirement Closed = new(RetirementId.New())
    {
        Stage = Stage.Observe, Schedule = new Schedule(new DateOnly(2026, 11, 2), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2026, 10, 1), 14),
    };

    private static readonly LedgerEntry Entry = new(Closed.Id, Orbit) { Name = new Text("Orbit Labs", "轨道实验室"), ClosedAt = ClosedAt };

    [Fact]
    public void Different_users_of_the_days_after_the_closing_are_counted_from_the_first_to_the_last()
    {
        Assert.Equal(new StillUsing(Orbit, Entry.Name, 3, new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 5), Judged: false), Assert.Single(Of(Closed, Entry, ("2026-11-02", [1, 2]), ("2026-11-05", [2, 3]))));
    }

    [Fact]
    public void Use_on_the_day_of_the_closing_may_have_come_before_it()
    {
        Assert.Empty(Of(Closed, Entry, ("2026-11-01", [1])));
        Assert.Single(Of(Closed, Entry with { ClosedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) }, ("2026-11-01", [1])));
    }

    [Fact]
    public void One_who_is_still_open_by_an_extension_uses_it_lawfully()
    {
        Assert.Empty(Of(Closed, Entry with { ClosedAt = null, ExtendedUntil = new DateOnly(2026, 11, 30) }, ("2026-11-05", [1])));
    }

    [Theory, InlineData("2026-11-03", false), InlineData("2026-11-04", false), InlineData("2026-11-05", false), InlineData("2026-11-06", true)]
    public void A_day_that_a_restore_touches_is_lawful_for_one_and_for_all(string day, bool found)
    {
        var restored = new OpenAgain(new DateTimeOffset(2026, 11, 3, 23, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 5, 1, 0, 0, TimeSpan.Zero));

        Assert.Equal(found, Of(Closed, Entry with { Closure = new EntryClosure { Restores = [restored] } }, (day, [1])).Count == 1);
        Assert.Equal(found, Of(Closed with { Closing = new Closing { Restores = [restored] } }, Entry, (day, [1])).Count == 1);
    }

    [Theory, InlineData("2026-11-01", false), InlineData("2026-11-02", true)]
    public void For_one_who_stands_in_no_ledger_it_closed_on_the_common_day(string day, bool found)
    {
        Assert.Equal(found, UseAfterClosing.Of(Closed, [], From, Use((day, [1]))).Count == 1);
    }

    /// <summary>Settled on the tenth: whoever used it by then may go on until the seventeenth.</summary>
    [Theory]
    [InlineData("2026-11-10", "2026-11-17", true), InlineData("2026-11-10", "2026-11-18", false)]
    [InlineData("2026-11-11", "2026-11-11", false)]
    public void A_judgement_answers_for_those_it_was_said_of_and_for_a_week(string first, string last, bool judged)
    {
        var settled = Closed with { Observing = new Observing { Anomalies = [new Anomaly("used/1", Text.Same("x"), ClosedAt) { SettledAt = new DateTimeOffset(2026, 11, 10, 9, 0, 0, TimeSpan.Zero) }] } };

        var still = Of(settled, Entry, (first, [1]), (last, [1]));

        Assert.Equal(judged, Assert.Single(still).Judged);
        Assert.Equal(judged ? null : "used/2", UseAfterClosing.Find(settled, still, [])?.Id);
    }

    [Fact]
    public void A_finding_that_waits_is_not_raised_beside_itself()
    {
        var open = Closed with { Observing = new Observing { Anomalies = [new Anomaly("used/1", Text.Same("x"), ClosedAt)] } };

        Assert.Null(UseAfterClosing.Find(open, Of(open, Entry, ("2026-11-05", [1])), []));
    }

    [Fact]
    public void However_many_they_are_the_finding_says_it_in_few_words()
    {
        var name = new string('x', 200);
        var still = Enumerable.Range(0, 900).Select(number => new StillUsing(new($"c{number}"), Text.Same(name), 12, From, From, Judged: false)).ToList();

        var finding = UseAfterClosing.Find(Closed, still, [name, name, name, name])!;

        Assert.Contains("900 customers still use the module", finding.What.En);
        Assert.Contains("and 896 more", finding.What.En);
        Assert.IsType<AnomalyRaised>(Assert.Single(finding.Decide(Closed).Facts).Fact);
    }

    private static IReadOnlyList<StillUsing> Of(Retirement retirement, LedgerEntry entry, params (string Day, uint[] Users)[] days) => UseAfterClosing.Of(retirement, [entry], From, Use(days));

    private static Dictionary<CustomerKey, CustomerDays> Use(params (string Day, uint[] Users)[] days)
    {
        var use = new CustomerDays(30);
        foreach (var (day, users) in days)
            use.Users[DateOnly.Parse(day, CultureInfo.InvariantCulture).DayNumber - From.DayNumber] = UserSet.Of(users);
        return new() { [Orbit] = use };
    }
}
