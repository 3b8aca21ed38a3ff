using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>The announce stage with a real mail server.</summary>
public sealed class TellingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Nobody_is_written_to_before_support_has_confirmed(Database database)
    {
        await using var scene = await On(database);

        var refused = await scene.Server.Get<ReleaseDesk>().Release(scene.Id, Actor.Clock, Cancel);
        await scene.Settle();

        Assert.Equal("notices.support-not-ready", refused.Refusal?.Code);
        Assert.Empty((await scene.Entry(Huaxin)).Reach.Notices);
    }

    [Theory, EachDatabase]
    public async Task Each_customer_is_told_once_in_their_language_and_the_day_counts(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port)).Released();
        await scene.Settle();
        await scene.Settle();

        var zh = Assert.Single(await postfix.WaitForMailAsync("anna@huaxin.test", Cancel));
        var en = Assert.Single(await postfix.WaitForMailAsync("wu@meiya.test", Cancel));
        Assert.Contains("2027年2月20日 10:00", zh.TextBody);
        Assert.Contains("20 Feb 2027 at 10:00", en.TextBody);
        Assert.Equal("<rooms-legacy.retirements.vendor.test>", en.Headers["List-Id"]);
        var reach = (await scene.Entry(Huaxin)).Reach;
        Assert.Equal((new DateOnly(2026, 11, 22), 1), (reach.ToldOn, await scene.Count<NoticeSent>(Huaxin)));
    }

    [Theory, EachDatabase]
    public async Task A_letter_tells_how_many_use_it_as_measured_now_and_not_as_it_was_when_their_state_last_changed(Database database)
    {
        await using var scene = await On(database);
        await scene.Log.Change(scene.Id, Meiya, "sunsetter", (_, entry) => Decision.Of(entry.Customer, new MovementObserved(MoveState.NotStarted, 900, 0, 0, Text.Same("measured"))), Cancel);
        var id = scene.Id;
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new LedgerLine { Retirement = id, Customer = Meiya, OldUsers = 12 });
            await db.SaveChangesAsync(Cancel);
        }

        var letter = (await scene.Server.Get<NoticeDesks>().Open(await scene.Retirement(), Cancel)).Write(await scene.Entry(Meiya), NoticeKind.First, null, "en", null).Value.Letter.Text;

        Assert.Contains("In the last 14 days 12 of your colleagues used it.", letter);
    }

    [Theory, EachDatabase]
    public async Task A_contact_whose_mail_came_back_and_who_is_there_after_all_is_written_to_again(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port, ["gone.li@huaxin.test", "bo@huaxin.test"])).Released();
        await scene.Settle();
        await scene.Settle();
        Assert.True((await scene.Entry(Huaxin)).Reach.IsDead("gone.li@huaxin.test"));

        var found = new FindContact("gone.li@huaxin.test", "Their server was down.");
        Assert.Null((await scene.Server.Get<FoundContacts>().Find(scene.Id, Huaxin, found, Actor.Clock, Cancel)).Refusal);
        scene.Server.Clock.SetUtcNow(Closes.AddDays(-60).ToDateTime(new TimeOnly(2, 0), DateTimeKind.Utc));
        await scene.Settle();

        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.Contains(await db.Set<MessageRow>().Where(message => message.Recipient == "gone.li@huaxin.test").Select(message => message.Step).ToListAsync(Cancel), step => step != "notice-1");
    }

    [Theory, EachDatabase]
    public async Task A_contact_who_has_left_is_marked_and_the_next_is_written_to(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port, ["gone.li@huaxin.test", "bo@huaxin.test"])).Released();
        await scene.Settle();
        await scene.Settle();

        var reach = (await scene.Entry(Huaxin)).Reach;
        Assert.True(reach.IsDead("gone.li@huaxin.test"));
        Assert.Single(await postfix.WaitForMailAsync("bo@huaxin.test", Cancel));
        Assert.Equal(new DateOnly(2026, 11, 22), reach.ToldOn);
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.StartsWith("550", (await db.Set<Contact>().SingleAsync(contact => contact.Email == "gone.li@huaxin.test", Cancel)).DeadReason);
    }

    [Theory, EachDatabase]
    public async Task When_every_contact_has_left_the_account_manager_is_asked_and_their_call_counts(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port, ["gone.li@huaxin.test"])).Released();
        await scene.Settle();
        await scene.Settle();

        Assert.Equal("migration.replacement-not-ready", (await Start(scene)).Refusal?.Code);
        await scene.Log.Change(scene.Id, "qa@vendor.test", _ => Decision.Of(new ReplacementSignedOff("A week of load.", null)), Cancel);
        var entry = await scene.Entry(Huaxin);
        Assert.Equal((Escalation.Person, (DateOnly?)null), (entry.Reach.Escalation, entry.Reach.ToldOn));
        var needs = await scene.Server.Get<AnnounceNeeds>().Of(await scene.Retirement(), scene.Server.Clock.GetUtcNow(), Cancel);
        Assert.Contains(needs, need => need.Person == "yue@vendor.test" && need.Title.En.StartsWith("Huaxin Bank", StringComparison.Ordinal));
        Assert.Contains("Huaxin Bank", (await Start(scene)).Refusal?.Sentence.En);

        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, one) =>
            new LogConversation(ConversationKind.Call, new DateOnly(2026, 11, 22), "Zhao Min", "They will move in December.", Told: true, Acknowledged: true).Decide(one, new DateOnly(2026, 11, 22)), Cancel);
        Assert.Null((await Start(scene)).Refusal);
        Assert.Equal(Stage.Migrate, (await scene.Retirement()).Stage);
    }

    [Theory, EachDatabase]
    public async Task A_moved_date_is_told_exactly_once_and_answers_the_first_mail(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port)).Released();
        await scene.Settle();
        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = new DateOnly(2027, 3, 20) }, "Year-end of the banks.")), Cancel);
        await scene.Settle();
        await scene.Settle();

        var mails = await postfix.WaitForMailAsync("wu@meiya.test", Cancel, 2);
        Assert.Equal(2, mails.Count);
        Assert.Contains("20 Mar 2027", mails[1].TextBody);
        Assert.Contains("the date that we gave you, 20 Feb 2027", mails[1].TextBody);
        Assert.Equal(mails[0].MessageId, mails[1].InReplyTo);
    }

    [Theory, EachDatabase]
    public async Task A_cancelled_retirement_is_called_off_with_those_who_were_told(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port)).Released();
        await scene.Settle();
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementCancelled("Too many depend on it.")), Cancel);
        await scene.Settle();
        await scene.Settle();

        var mails = await postfix.WaitForMailAsync("wu@meiya.test", Cancel, 2);
        Assert.Contains("the closing is called off", mails[1].TextBody);
        Assert.Equal(2, mails.Count);
    }

    [Theory, EachDatabase]
    public async Task Silence_turns_to_the_next_contact_after_seven_days_and_then_to_a_person(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var scene = await (await On(database, postfix.Port, ["anna@huaxin.test", "bo@huaxin.test"])).Released();
        await scene.Settle();

        await scene.Server.Tick(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        Assert.Equal(Escalation.None, (await scene.Entry(Huaxin)).Reach.Escalation);
        await scene.Server.Tick(TimeSpan.FromMinutes(1));
        await scene.Settle();
        Assert.Equal(Escalation.AnotherContact, (await scene.Entry(Huaxin)).Reach.Escalation);
        Assert.Single(await postfix.WaitForMailAsync("bo@huaxin.test", Cancel));

        await scene.Server.Tick(TimeSpan.FromDays(7));
        Assert.Equal(Escalation.Person, (await scene.Entry(Huaxin)).Reach.Escalation);
    }

    [Theory, EachDatabase]
    public async Task Duties_are_drawn_up_from_the_plan_and_a_moved_day_must_be_acknowledged_again(Database database)
    {
        await using var scene = await On(database);
        await scene.Settle();
        var qa = Person(Role.Qa);
        Assert.Equal("duty.not-yours", (await scene.Log.Change(scene.Id, qa.Id, one => new AcknowledgeDuty("engineering.gates").Decide(one, qa), Cancel)).Refusal?.Code);
        await scene.Log.Change(scene.Id, qa.Id, one => new AcknowledgeDuty("qa.replacement").Decide(one, qa), Cancel);
        Assert.NotNull(Duty(await scene.Retirement(), "qa.replacement").AcknowledgedAt);

        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = Closes.AddDays(30) }, "Year-end.")), Cancel);
        await scene.Settle();

        var moved = Duty(await scene.Retirement(), "qa.replacement");
        Assert.Equal((Closes.AddDays(30 - 60), (DateTimeOffset?)null, qa.Id), (moved.Duty.By, moved.AcknowledgedAt, moved.Assignee));
    }

    private static DutyState Duty(Retirement retirement, string id) => retirement.Announcing.Duties.Single(duty => duty.Duty.Id == id);

    private static Actor Person(Role role) => new($"{role}@vendor.test", "", System.Collections.Frozen.FrozenSet.ToFrozenSet([role]), Permissions.Of([role]));

    private static Task<Outcome<Retirement>> Start(AnnounceScene scene) =>
        scene.Log.Change(scene.Id, "lin@vendor.test", (retirement, entries) => new StartMigration(UseIsKnown: false).Decide(retirement, entries), Cancel);
}
