using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>Who knew one closing day does not know another; who handed over is left alone.</summary>
public sealed class MovedPromiseTests
{
    private const string Anna = "anna@huaxin.test", Bo = "bo@huaxin.test", Cai = "cai@huaxin.test";
    private static readonly DateOnly Moved = Told.ClosesOn.AddDays(30);
    private static readonly EntryFact[] Known =
        [Issued(1, NoticeKind.First, Told.ClosesOn), Sent(1, Anna), new NoticeRead(1, Anna), new NoticeAcknowledged(1, Anna)];

    [Fact]
    public void A_reminder_of_the_same_day_asks_for_nothing_new() =>
        Assert.NotNull(Told.Entry([.. Known, Issued(2, NoticeKind.Reminder, Told.ClosesOn)]).Reach.AcknowledgedAt);

    [Fact]
    public void A_moved_day_is_read_and_acknowledged_anew_and_keeps_who_was_told_what()
    {
        var reach = Told.Entry([.. Known, Issued(2, NoticeKind.Changed, Moved)]).Reach;

        Assert.Equal((null, null, null), (reach.ReadAt, reach.AcknowledgedAt, reach.AcknowledgedBy));
        Assert.False(reach.Contacts[Anna].Knows(reach.Promise));
        Assert.NotNull(reach.ToldOf(Told.ClosesOn));
        Assert.NotNull(Told.Entry([.. Known, Issued(2, NoticeKind.Changed, Moved), new NoticeAcknowledged(2, Anna)]).Reach.AcknowledgedOf(Moved));
    }

    [Fact]
    public void Before_the_letter_with_the_new_day_is_written_nobody_knows_that_day()
    {
        var reach = Told.Entry(Known).Reach;

        Assert.NotNull(reach.AcknowledgedOf(Told.ClosesOn));
        Assert.Null(reach.AcknowledgedOf(Moved));
    }

    [Fact]
    public void Silence_on_a_moved_day_goes_up_seven_days_after_its_letter_and_not_a_moment_sooner()
    {
        var entry = Told.Entry([.. Known, Issued(2, NoticeKind.Changed, Moved), Sent(2, Anna)]);
        var sent = entry.Reach.Deliveries[^1].At;
        Contact[] contacts = [Contact(Anna, "administrator"), Contact(Bo, "technical")];

        Assert.Null(Silence.Next(Told.Migrating(), entry, contacts, 7, sent.AddDays(7).AddMilliseconds(-1)));
        Assert.Equal((Escalation.AnotherContact, Bo), Silence.Next(Told.Migrating(), entry, contacts, 7, sent.AddDays(7)) is { } up ? (up.Step, up.To) : default);
    }

    [Fact]
    public void A_talk_that_is_logged_late_shortens_nobodys_notice()
    {
        ConversationLogged On(DateOnly day) => new(ConversationKind.Call, day, "Zhao", "Will move.", Told: true, Acknowledged: false);
        // The first letter is of 1 November, 9 o'clock in Shanghai.
        Assert.Null(Told.Entry(Issued(1, NoticeKind.First, Told.ClosesOn), On(new DateOnly(2026, 10, 31))).Reach.ToldOf(Told.ClosesOn));
        Assert.Equal(new DateOnly(2026, 11, 1), Told.Entry(Issued(1, NoticeKind.First, Told.ClosesOn), On(new DateOnly(2026, 11, 1))).Reach.ToldOf(Told.ClosesOn));
    }

    [Fact]
    public void What_was_said_before_the_move_is_no_word_about_the_new_day()
    {
        ConversationLogged On(DateOnly day) => new(ConversationKind.Call, day, "Zhao", "Will move.", Told: true, Acknowledged: true);
        EntryFact[] moved = [.. Known, Issued(2, NoticeKind.Changed, Moved)];

        Assert.Null(Told.Entry([.. moved, On(new DateOnly(2026, 10, 31))]).Reach.AcknowledgedOf(Moved));
        Assert.NotNull(Told.Entry([.. moved, On(new DateOnly(2026, 11, 1))]).Reach.AcknowledgedOf(Moved));
    }

    [Fact]
    public void A_key_customer_who_has_read_and_says_nothing_goes_to_a_person_and_a_standard_one_is_left_alone()
    {
        EntryFact[] read = [Issued(1, NoticeKind.First, Told.ClosesOn), Sent(1, Anna), new NoticeRead(1, Anna)];
        var (key, standard) = (Told.Entry(read), Told.EntryOf(Told.Huaxin, CustomerClass.Standard, read));
        var at = key.Reach.ReadAt!.Value;
        Contact[] contacts = [Contact(Anna, "administrator"), Contact(Bo, "technical")];

        Assert.Null(Silence.Next(Told.Migrating(), key, contacts, 7, at.AddDays(7).AddMilliseconds(-1)));
        Assert.Equal(Escalation.Person, Silence.Next(Told.Migrating(), key, contacts, 7, at.AddDays(7))?.Step);
        Assert.Null(Silence.Next(Told.Migrating(), standard, contacts, 7, at.AddDays(70)));
        var state = ReachState.Of(Told.Migrating(), key.Then("sunsetter", new ReachEscalated(Escalation.Person, "yue@vendor.test", new("Read.", "已读。"))), contacts, 7, Told.Start);
        Assert.Equal((2, true), (state.Level, state.NeedsPerson));
        Assert.StartsWith("read, not acknowledged", state.Words.En, StringComparison.Ordinal);

        var closed = ReachState.Of(Told.Migrating(), key.Then("sunsetter", new ReachEscalated(Escalation.Person, "yue@vendor.test", new("Read.", "已读。"))).Then("sunsetter", new CustomerClosed(Told.Start)), contacts, 7, Told.Start);
        Assert.Equal((2, false, "—"), (closed.Level, closed.NeedsPerson, closed.NextStep.En));
    }

    [Fact]
    public void A_talk_about_the_old_day_does_not_exhaust_the_ways_to_tell_the_new_one()
    {
        EntryFact[] talked = [Issued(1, NoticeKind.First, Told.ClosesOn), new ReachEscalated(Escalation.Person, "yue@vendor.test", new("Silent.", "未回应。")),
            new ConversationLogged(ConversationKind.Call, new DateOnly(2026, 11, 2), "Zhao", "Will move.", Told: true, Acknowledged: false)];

        Assert.True(Told.Entry(talked).Reach.EscalationExhausted);
        Assert.False(Told.Entry([.. talked, Issued(2, NoticeKind.Changed, Moved)]).Reach.EscalationExhausted);
        // A call of before is not the call that is asked for now.
        Assert.False(Told.Entry([.. talked, new ReachEscalated(Escalation.Person, "yue@vendor.test", new("Read.", "已读。"))]).Reach.EscalationExhausted);
    }

    [Fact]
    public void One_who_handed_over_is_not_written_to_and_the_colleague_and_the_other_administrator_are()
    {
        Contact[] contacts = [Contact(Anna, "administrator"), Contact(Bo, "administrator"), Contact(Cai, "")];
        var instead = Told.Entry(Known).Then(EntryReach.ByCustomer + Anna, new ContactNamed(Cai, "Cai", InsteadOfMe: true));
        var beside = Told.Entry(Known).Then(EntryReach.ByCustomer + Anna, new ContactNamed(Cai, "Cai", InsteadOfMe: false));
        var back = instead.Then(EntryReach.ByCustomer + Cai, new ContactNamed(Anna, "Anna", InsteadOfMe: false));

        Assert.Equal([Cai, Bo], Audience.Of(instead, contacts).Select(contact => contact.Email));
        Assert.Equal([Cai, Anna, Bo], Audience.Of(beside, contacts).Select(contact => contact.Email));
        Assert.Contains(Anna, Audience.Of(back, contacts).Select(contact => contact.Email));
    }

    [Fact]
    public void Whoever_knows_the_old_day_hears_of_the_new_one_whoever_was_named_beside_them_since()
    {
        Contact[] contacts = [Contact(Anna, "technical"), Contact(Bo, "administrator"), Contact(Cai, "")];
        var beside = Told.EntryOf(Told.Huaxin, CustomerClass.Standard, Known).Then(EntryReach.ByCustomer + Anna, new ContactNamed(Cai, "Cai", InsteadOfMe: false), Issued(2, NoticeKind.Changed, Moved));

        Assert.Equal([Cai, Anna], Audience.Of(beside, contacts).Select(contact => contact.Email));
        // After silence the one is named who is then written to.
        var silent = beside.Then("clock", Sent(2, Cai));
        Assert.Equal(Bo, Silence.Next(Told.Migrating(), silent, contacts, 7, Told.Start.AddDays(9))?.To);
        Assert.Contains(Bo, Audience.Of(silent.Then("clock", new ReachEscalated(Escalation.AnotherContact, Bo, new("Silent.", "未回应。"))), contacts).Select(contact => contact.Email));
    }

    private static NoticeIssued Issued(int edition, NoticeKind kind, DateOnly day) => new(edition, kind, kind.ToString(), day);

    private static NoticeSent Sent(int edition, string to) => new(edition, to, "email", $"<{edition}@vendor.test>", new DateOnly(2026, 11, 1));

    private static Contact Contact(string email, string role) => new() { Id = Guid.CreateVersion7(), Customer = Told.Huaxin, Email = email, Name = email, Role = role };
}
