using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Gates.Planning;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>Customers hear of each rehearsal, and of the day on which their gate will have it.</summary>
public sealed class RehearsalLettersTests
{
    // A Saturday; the next working day of a customer in China is Monday the 7th.
    private static readonly Brownout OnSaturday = new(new DateOnly(2026, 12, 5), new TimeOnly(10, 0), 15, InCustomersZone: true) { OnWorkingDays = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_rehearsal_set_and_called_off_after_the_last_letter_is_told_each_once_with_the_customers_own_day(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Get<Calendars>().Import([new CountryYear("CN", 2026, [], "test")], "test", Cancel);
        await scene.Released();
        await scene.Settle();

        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new BrownoutScheduled(OnSaturday, "Find bots")), Cancel);
        await scene.Settle();
        await scene.Settle();
        var letter = await Letter(scene, "notice-2");
        Assert.Contains("7 Dec 2026 10:00", letter);
        Assert.DoesNotContain("5 Dec 2026", letter);

        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new BrownoutWithdrawn(OnSaturday, "Not needed")), Cancel);
        await scene.Settle();
        await scene.Settle();
        Assert.Contains("will not take place: 7 Dec 2026 10:00", await Letter(scene, "notice-3"));
        Assert.Equal(["first", "rehearsal", "rehearsal"], (await scene.Entry(Meiya)).Reach.Notices.Select(notice => notice.Step));
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void A_rehearsal_that_is_over_is_no_news(int daysAfter)
    {
        var now = new DateTimeOffset(2026, 12, 5 + daysAfter, 4, 0, 0, TimeSpan.Zero);
        var retirement = Plan();
        var told = new LedgerEntry(retirement.Id, Meiya) { TimeZone = "Asia/Shanghai" }
            .Apply(new Recorded(retirement.Id, Meiya, 1, now.AddDays(-5), "sunsetter", new NoticeIssued(1, NoticeKind.First, "first", Closes) { Rehearsals = [OnSaturday] }));

        Assert.Equal(daysAfter == 0 ? "rehearsal" : null, NextNotice.Of(retirement, told, new ReminderLadder { DaysBefore = [1] }, now)?.Step);
    }

    [Theory]
    [InlineData("CN", "2026-12-07"), InlineData(null, "2026-12-07"), InlineData("EG", "2026-12-06"), InlineData("JP", null)]
    public void What_is_said_is_the_day_on_which_the_gate_has_it(string? country, string? day)
    {
        var retirement = Plan() with { Brownouts = [OnSaturday] };
        var entry = new LedgerEntry(retirement.Id, Meiya) { TimeZone = "Asia/Shanghai", Country = country };
        var rehearsals = new Rehearsals(new BusinessCalendar(new Dictionary<(string, int), ImmutableArray<SpecialDay>> { [("CN", 2026)] = [], [("EG", 2026)] = [] }), "CN");

        var said = rehearsals.Of(retirement, entry).Select(one => one.At).ToList();

        Assert.Equal(day is null ? [] : [day], said.Select(at => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        var timeline = TimelineCompiler.Compile(
            new ClosingPlan { WarnFrom = retirement.Schedule!.WarnFromInstant, ClosesAt = entry.ClosesAt(retirement), Brownouts = [Rehearsals.Planned(OnSaturday, retirement.Schedule)] },
            CustomerDeviation.None with { Zone = Days.Zone(entry.TimeZone), IsWorkingDay = rehearsals.WorkingDays(country) });
        Assert.All(said, at => Assert.NotEqual(timeline.StateAt(at.AddSeconds(-1)), timeline.StateAt(at)));
    }

    private static Retirement Plan() => new(new RetirementId(Guid.Empty))
    {
        Stage = Stage.Migrate, Schedule = new Schedule(Closes, new TimeOnly(10, 0), "Asia/Shanghai", new DateOnly(2026, 11, 22), 14),
        Announcing = new Announcing { ReleasedAt = DateTimeOffset.UnixEpoch },
    };

    private static async Task<string> Letter(AnnounceScene scene, string step)
    {
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return (await db.Set<MessageRow>().AsNoTracking().SingleAsync(row => row.Step == step && row.Customer == "meiya", Cancel)).Letter.Text;
    }
}
