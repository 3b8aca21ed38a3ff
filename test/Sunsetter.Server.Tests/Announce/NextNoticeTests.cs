using System.Collections.Immutable;
using CsCheck;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>The ladder of notices as a pure rule.</summary>
public sealed class NextNoticeTests
{
    private static readonly DateOnly Closes = new(2027, 3, 1);
    private static readonly CustomerKey Huaxin = new("huaxin");

    [Theory]
    [InlineData(31, null), InlineData(30, "before-30"), InlineData(15, "before-30"), InlineData(14, "before-14"), InlineData(7, "before-7"), InlineData(2, "before-7"), InlineData(1, "before-1"), InlineData(0, null)]
    public void The_nearest_rung_speaks_for_all_that_were_missed(int daysLeft, string? step)
    {
        var told = Told(Closes.AddDays(-100));
        var answered = Told(Closes.AddDays(-90), told, NoticeKind.Reminder);
        var sixty = Told(Closes.AddDays(-60), answered, NoticeKind.Reminder);

        Assert.Equal(step, NextNotice.Of(Plan(), sixty, new ReminderLadder(), At(daysLeft))?.Step);
    }

    [Theory]
    [InlineData(33, null), InlineData(34, "before-30")]
    public void One_who_was_written_to_shortly_before_a_rung_is_not_written_to_again(int toldDaysBefore, string? step) =>
        Assert.Equal(step, NextNotice.Of(Plan(), Told(Closes.AddDays(-toldDaysBefore)), new ReminderLadder(), At(30))?.Step);

    [Fact]
    public void An_hour_that_moves_on_the_same_day_is_told_and_told_once()
    {
        var told = Entry().Apply(new Recorded(Plan().Id, Huaxin, 1, At(100), "sunsetter", NextNotice.Of(Plan(), Entry(), new ReminderLadder(), At(100))!));
        var earlier = Plan() with { Schedule = Plan().Schedule! with { At = new TimeOnly(2, 0) } };

        var due = NextNotice.Of(earlier, told, new ReminderLadder(), At(95))!;

        Assert.Null(NextNotice.Of(Plan(), told, new ReminderLadder(), At(95)));
        Assert.Equal((NoticeKind.Changed, Closes), (due.Kind, due.ClosesOn));
        Assert.Null(NextNotice.Of(earlier, told.Apply(new Recorded(Plan().Id, Huaxin, 2, At(95), "sunsetter", due)), new ReminderLadder(), At(95)));
    }

    [Theory]
    [InlineData(2, "before-1"), InlineData(1, null)]
    public void A_rung_counts_to_the_day_on_which_it_closes_where_the_customer_is(int daysLeft, string? step)
    {
        // Ten in the morning in Shanghai is the evening before in New York: the letter names 28 February.
        var told = Told(Closes.AddDays(-7), Told(Closes.AddDays(-100), Entry() with { TimeZone = "America/New_York" }), NoticeKind.Reminder);
        var now = Days.InstantOf(Closes.AddDays(-daysLeft), new TimeOnly(9, 0), Days.Zone("America/New_York"));

        Assert.Equal(step, NextNotice.Of(Plan(), told, new ReminderLadder(), now)?.Step);
    }

    [Theory, InlineData(61, null), InlineData(60, "first")]
    public void Released_early_the_first_letter_waits_for_the_day_on_which_the_plan_tells(int daysLeft, string? step) =>
        Assert.Equal(step, NextNotice.Of(Plan() with { Deciding = new Deciding { TellingOn = Closes.AddDays(-60) } }, Entry(), new ReminderLadder(), At(daysLeft))?.Step);

    [Fact]
    public void Whoever_was_told_of_another_replacement_is_told_once_of_the_one_that_holds()
    {
        var told = Told(Closes.AddDays(-100));
        var changed = Plan() with { ReplacementChangedAt = At(95) };

        var due = NextNotice.Of(changed, told, new ReminderLadder(), At(94))!;

        Assert.Equal((NoticeKind.Reminder, "replacement"), (due.Kind, due.Step));
        Assert.Null(NextNotice.Of(changed, told.Apply(new Recorded(changed.Id, Huaxin, 2, At(94), "sunsetter", due)), new ReminderLadder(), At(93)));
    }

    [Fact]
    public void A_paused_retirement_tells_nobody() =>
        Assert.Null(NextNotice.Of(Plan() with { Announcing = Plan().Announcing with { ReleasedAt = null } }, Entry(), new ReminderLadder(), At(60)));

    [Fact]
    public void A_new_talk_track_that_support_has_not_confirmed_holds_no_notice_that_was_released() =>
        Assert.Equal("first", NextNotice.Of(Plan() with { Announcing = Plan().Announcing with { TalkTracksConfirmedAt = null } }, Entry(), new ReminderLadder(), At(60))?.Step);

    [Fact]
    public void However_often_it_is_asked_no_step_is_issued_twice_for_one_promise() =>
        Gen.Int[0, 130].Array[1, 60].Sample(days =>
        {
            var (entry, issued) = (Entry(), new List<(DateOnly, string)>());
            foreach (var left in days.OrderDescending())
                if (NextNotice.Of(Plan(), entry, new ReminderLadder(), At(left)) is { } due)
                {
                    issued.Add((due.ClosesOn, due.Step));
                    entry = entry.Apply(new Recorded(Plan().Id, Huaxin, entry.Version + 1, At(left), "sunsetter", due));
                }
            return issued.Distinct().Count() == issued.Count && entry.Reach.Notices.Select(notice => notice.Edition).SequenceEqual(Enumerable.Range(1, issued.Count));
        });

    private static DateTimeOffset At(int daysLeft) => Days.InstantOf(Closes.AddDays(-daysLeft), new TimeOnly(9, 0), Days.Zone("Asia/Shanghai"));

    private static Retirement Plan() => new(new RetirementId(Guid.Empty))
    {
        Stage = Stage.Migrate, Schedule = new Schedule(Closes, new TimeOnly(10, 0), "Asia/Shanghai", Closes.AddDays(-90), 14),
        Announcing = new Announcing { ReleasedAt = At(120), TalkTracks = new Text("a", "甲"), TalkTracksConfirmedAt = At(120) },
    };

    private static LedgerEntry Entry() => new(new RetirementId(Guid.Empty), Huaxin) { TimeZone = "Asia/Shanghai" };

    private static LedgerEntry Told(DateOnly on, LedgerEntry? entry = null, NoticeKind kind = NoticeKind.First)
    {
        entry ??= Entry();
        return entry.Apply(new Recorded(entry.Retirement, Huaxin, entry.Version + 1, Days.InstantOf(on, new TimeOnly(9, 0), Days.Zone("Asia/Shanghai")), "sunsetter", new NoticeIssued(entry.Reach.Notices.Length + 1, kind, kind.ToString(), Closes)));
    }
}
