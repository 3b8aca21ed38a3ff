using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Console;

/// <summary>Nothing waits where nobody looks, and people who come and go take nothing with them.</summary>
public sealed class WhatNeedsMeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task What_waits_for_one_who_has_left_waits_for_those_who_could_do_it(Database database)
    {
        await using var scene = await On(database);
        var server = scene.Server;
        await scene.Log.Change(scene.Id, Huaxin, "anna@huaxin.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "How do we move?", "anna@huaxin.test")), Cancel);
        await server.As("sue@vendor.test", Role.Support);
        async Task<bool> Sees(string email, Role role) => (await server.Get<WhatNeedsMe>().Of(
            new Actor(email, email, System.Collections.Frozen.FrozenSet.ToFrozenSet([role]), Permissions.Of([role])), server.Clock.GetUtcNow(), Cancel)).Mine.Any(need => need.Title.En == "Huaxin Bank asks for help");

        Assert.Equal((true, false), (await Sees("Yue@vendor.test", Role.Success), await Sees("sue@vendor.test", Role.Support)));
        await server.Get<People>().Leave((await server.Get<People>().Find("yue@vendor.test", Cancel))!.Id, Cancel);
        Assert.True(await Sees("sue@vendor.test", Role.Support));
    }

    [Theory, EachDatabase]
    public async Task What_its_owner_may_not_do_waits_for_those_who_may(Database database)
    {
        await using var scene = await On(database);
        await scene.Log.Change(scene.Id, "su@vendor.test", _ => Decision.Of(new TalkTracksWritten(new("Say this.", "这样说。")), new TalkTracksConfirmed()), Cancel);
        await scene.Server.As("lin@vendor.test", Role.Engineering);
        async Task<bool> Sees(string email, Role role) => (await scene.Server.Get<WhatNeedsMe>().Of(
            new Actor(email, email, System.Collections.Frozen.FrozenSet.ToFrozenSet([role]), Permissions.Of([role])), scene.Server.Clock.GetUtcNow(), Cancel)).Mine.Any(need => need.Title.En == "The notices wait for their release");

        Assert.Equal((false, true), (await Sees("lin@vendor.test", Role.Engineering), await Sees("gao@vendor.test", Role.Product)));
    }

    [Theory]
    [InlineData("ana@vendor.test", Role.Product, true)]
    [InlineData("ana@vendor.test", Role.Administrator, false)]
    [InlineData("ana@vendor.test", Role.Support, false)]
    [InlineData("Lin@vendor.test", Role.Product, false)]
    internal void The_word_of_a_role_waits_for_its_people_but_not_for_the_author(string person, Role role, bool may)
    {
        var approval = new Need(Urgency.Soon, Stage.Decide, default, default, default, "/", null, [Role.Product, Role.Compliance], Permission.Approve) { InRole = true, NotBy = ["lin@vendor.test", null] };

        Assert.Equal(may, approval.MayBeDoneBy(person, [role], Permissions.Of([role])));
        // Anything else an administrator may do.
        Assert.Equal(role != Role.Support, (approval with { InRole = false, NotBy = [], Takes = Permission.Propose }).MayBeDoneBy(person, [role], Permissions.Of([role])));
    }

    [Theory, EachDatabase]
    public async Task Today_shows_how_far_the_letters_of_the_month_have_come(Database database)
    {
        await using var scene = await On(database);
        await scene.Log.Change(scene.Id, "sunsetter", _ => Decision.Of(Huaxin, new NoticeIssued(1, NoticeKind.First, "first", Closes), new NoticeSent(1, "anna@huaxin.test", "email", "<1>", Closes.AddDays(-90)), new NoticeAcknowledged(1, "anna@huaxin.test"))
            .And(Decision.Of(Meiya, new NoticeIssued(1, NoticeKind.First, "first", Closes), new NoticeBounced(1, "wu@meiya.test", "email", "550", ContactDead: true))), Cancel);
        var reach = scene.Server.Get<ReachThisMonth>();

        Assert.Equal(new ReachThisMonth.Result(2, 1, 1, 1, 1), await reach.Of(scene.Server.Clock.GetUtcNow(), Cancel));
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Role.Product);
        Assert.Contains("Reach this month", (await lin.Open("/")).Text);
        Assert.Equal(0, (await reach.Of(scene.Server.Clock.GetUtcNow().AddDays(31), Cancel)).Told);
    }

    [Theory, EachDatabase]
    public async Task A_new_account_manager_in_the_catalogue_takes_over_the_open_entries(Database database)
    {
        await using var scene = await On(database);
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            await db.Set<Customer>().Where(customer => customer.Key == Huaxin).ExecuteUpdateAsync(set => set.SetProperty(customer => customer.AccountManager, "bo@vendor.test").SetProperty(customer => customer.Tier, "enterprise"), Cancel);
            await db.Set<Customer>().Where(customer => customer.Key == Meiya).ExecuteUpdateAsync(set => set.SetProperty(customer => customer.Tier, "standard"), Cancel);
        }
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new TiersEntitled(["enterprise", "standard"])), Cancel);

        await scene.Server.Tick(TimeSpan.FromMinutes(5));
        await scene.Server.Tick(TimeSpan.FromMinutes(5));

        Assert.Equal("bo@vendor.test", (await scene.Entry(Huaxin)).AccountManager);
        Assert.Equal((1, 0), (await scene.Count<ManagerChanged>(Huaxin), await scene.Count<ManagerChanged>(Meiya)));
    }

    [Theory, EachDatabase]
    public async Task One_who_was_marked_as_gone_comes_back_as_the_same_person_with_the_roles_of_today(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var people = server.Get<People>();
        var first = (await people.Add("mei@vendor.test", "Mei", [Role.Sales], "en", Cancel)).Value;
        await people.Leave(first.Id, Cancel);

        var again = await people.Add("Mei@vendor.test", "Mei Lin", [Role.Support], "en", Cancel);

        Assert.Equal(first.Id, again.Value.Id);
        Assert.Equal([Role.Support], (await people.All(Cancel)).Single(one => one.Person.Email == "mei@vendor.test").Roles);
        Assert.Equal("person.known", (await people.Add("mei@vendor.test", "Mei", [], "en", Cancel)).Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task A_token_that_may_only_read_acknowledges_no_duty(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Tick();
        await scene.Server.As("lin@vendor.test", Role.Product);
        var lin = new Actor("lin@vendor.test", "Lin", System.Collections.Frozen.FrozenSet.ToFrozenSet([Role.Product]), Permissions.Of([Role.Product]));
        using var reader = scene.Server.WithToken((await scene.Server.Get<ApiTokens>().Make(lin, lin, new MakeToken("read", [Permission.Read], null), Cancel)).Value.Secret);

        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync($"/api/v1/retirements/{scene.Id}/duties/product.texts/acknowledge", null, Cancel)).StatusCode);
        Assert.Null(KnownDuty.Find(await scene.Retirement(), "product.texts")!.AcknowledgedAt);
    }

    [Theory, EachDatabase]
    public async Task What_was_done_need_not_be_reported_as_a_duty_once_more(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Tick();
        await scene.Log.Change(scene.Id, "qa@vendor.test", _ => Decision.Of(new ReplacementSignedOff("A week of load.", null)), Cancel);

        Assert.Equal("qa@vendor.test", KnownDuty.Find(await scene.Retirement(), "qa.replacement")!.DoneBy);
        await scene.Log.Change(scene.Id, "qa@vendor.test", _ => Decision.Of(new ReplacementSignOffWithdrawn("It crashes.")), Cancel);
        Assert.Null(KnownDuty.Find(await scene.Retirement(), "qa.replacement")!.DoneAt);
    }

    [Theory, EachDatabase]
    public async Task A_later_wave_binds_nobody_but_itself(Database database)
    {
        await using var scene = await On(database);
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new LedgerLine { Retirement = scene.Id, Customer = Huaxin, ClosesOn = Closes.AddDays(60), EarliestOn = Closes.AddDays(50) });
            db.Add(new LedgerLine { Retirement = scene.Id, Customer = Meiya, ClosesOn = Closes, EarliestOn = Closes.AddDays(-4) });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal(4, Assert.Single(await scene.Server.Get<Overview>().Read(Cancel)).NoticeMargin);
    }

    [Theory, EachDatabase]
    public async Task The_desk_says_that_it_is_open_again_where_it_is_open_again_for_everybody(Database database)
    {
        await using var scene = await On(database);
        await scene.Log.Change(scene.Id, "ops@vendor.test", _ => Decision.Of(new MigrationStarted(), new ClosingConfirmed("")), Cancel);
        await scene.Log.Change(scene.Id, Huaxin, "sunsetter", (_, entry) => Decision.Of(entry.Customer, new CustomerClosed(scene.Server.Clock.GetUtcNow().AddDays(-1))), Cancel);
        using var sue = await Browser.SignIn(scene.Server, "sue@vendor.test", Role.Support);
        Assert.Contains("It is closed for them", (await sue.Open("/support?q=huaxin")).Text);

        await scene.Log.Change(scene.Id, "ops@vendor.test", _ => Decision.Of(new ModuleRestored("It hurts.", scene.Server.Clock.GetUtcNow().AddDays(1))), Cancel);

        Assert.Contains("It is open again for them", (await sue.Open("/support?q=huaxin")).Text);
    }
}
