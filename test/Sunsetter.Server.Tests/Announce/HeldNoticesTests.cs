using System.Net;
using System.Net.Http.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Portal;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>What waits in the queue follows what is decided: notices held back stay, what is called off is told, what was overtaken never leaves.</summary>
public sealed class HeldNoticesTests
{
    private static readonly Attempt Later = new Attempt.Postponed("smtp.450", "Come back later.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Whoever_was_told_hears_that_it_is_called_off_even_while_notices_are_held_back(Database database)
    {
        await using var scene = await Waiting(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesPaused("A wrong word.")), Cancel);
        await scene.Settle();
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementCancelled("Too many depend on it.")), Cancel);
        await scene.Settle();
        await scene.Settle();

        Assert.Equal(NoticeKind.CalledOff, (await scene.Entry(Meiya)).Reach.Latest?.Kind);
        Assert.Equal(["notice-2", "notice-2"], (await Claimed(scene)).Select(message => message.Step));
    }

    [Theory, EachDatabase]
    public async Task A_link_that_a_customer_asked_for_is_sent_while_notices_are_held_back(Database database)
    {
        await using var scene = await Waiting(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesPaused("A wrong word.")), Cancel);
        var visit = new PortalVisit(new PortalPass(scene.Id, Meiya, "wu@meiya.test", ServerUnderTest.Start), await scene.Retirement(), await scene.Entry(Meiya));

        await scene.Server.Get<PortalVisits>().SendFreshLink(visit, Cancel);
        await scene.Server.Get<Outbox>().Withdraw(scene.Id, Meiya, ["notice-2"], Cancel);

        Assert.StartsWith(Outbox.AskedFor, Assert.Single(await Claimed(scene)).Step, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Held_back_notices_do_not_leave_the_queue_and_go_once_they_are_released_again(Database database)
    {
        await using var scene = await Waiting(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesPaused("A wrong word.")), Cancel);

        Assert.Empty(await Claimed(scene));
        await scene.Settle();
        Assert.Empty(await Claimed(scene));

        Assert.Null((await scene.Server.Get<ReleaseDesk>().Release(scene.Id, Actor.Clock, Cancel)).Refusal);
        await scene.Settle();
        Assert.Equal(["notice-1", "notice-1"], (await Claimed(scene)).Select(message => message.Step));
    }

    [Theory, EachDatabase]
    public async Task A_day_that_moved_while_notices_were_held_back_is_the_only_one_that_leaves(Database database)
    {
        await using var scene = await Waiting(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesPaused("The day will move.")), Cancel);
        await scene.Settle();
        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = Closes.AddDays(30) }, "Year-end.")), Cancel);
        Assert.Null((await scene.Server.Get<ReleaseDesk>().Release(scene.Id, Actor.Clock, Cancel)).Refusal);

        Assert.Empty(await Claimed(scene));
        await scene.Settle();
        Assert.Equal(["notice-2", "notice-2"], (await Claimed(scene)).Select(message => message.Step));
    }

    [Theory, EachDatabase]
    public async Task A_letter_that_was_overtaken_while_it_was_being_sent_is_not_tried_again(Database database)
    {
        await using var scene = await Waiting(database);
        var claims = scene.Server.Get<Claims>();
        var sending = await Claimed(scene);
        await scene.Server.Get<Outbox>().Withdraw(scene.Id, [Meiya], ["notice-2"], Cancel);
        foreach (var message in sending)
            Assert.True(await claims.End(message, Later, 0.5, Cancel));

        var state = (await scene.Server.Get<Outbox>().Of(scene.Id, Cancel)).ToDictionary(message => message.Customer, message => message.State);
        Assert.Equal((MessageState.Withdrawn, MessageState.Waiting), (state["meiya"], state["huaxin"]));
    }

    [Theory, EachDatabase]
    public async Task A_letter_that_was_overtaken_and_whose_sender_died_is_not_sent_by_the_next(Database database)
    {
        await using var scene = await Waiting(database);
        await Claimed(scene);
        await scene.Server.Get<Outbox>().Withdraw(scene.Id, [Meiya], ["notice-2"], Cancel);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["huaxin"], (await Claimed(scene)).Select(message => message.Customer));
        Assert.Equal(1, await scene.Server.Get<Outbox>().WithdrawStopped(scene.Id, Cancel));
    }

    [Theory, EachDatabase]
    public async Task New_talk_tracks_ask_support_anew_and_hold_no_notice_back(Database database)
    {
        await using var scene = await Waiting(database);
        await scene.Log.Change(scene.Id, "su@vendor.test", new WriteTalkTracks(new("Say that.", "那样说。")).Decide, Cancel);
        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = Closes.AddDays(30) }, "Year-end.")), Cancel);
        await scene.Settle();

        Assert.Equal(NoticeKind.Changed, (await scene.Entry(Meiya)).Reach.Latest?.Kind);
        foreach (var stage in new[] { Stage.Announce, Stage.Migrate, Stage.Close, Stage.Observe })
            Assert.Contains(await scene.Server.Get<AnnounceNeeds>().Of(await scene.Retirement() with { Stage = stage }, scene.Server.Clock.GetUtcNow(), Cancel),
                need => need.Roles is [Role.Support] && need.Title.En.StartsWith("The talk tracks have changed", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task Talk_tracks_are_written_over_HTTP_by_those_who_may_write_them_on_the_page(Database database)
    {
        await using var scene = await On(database);
        using var quality = await scene.Server.As("qa@vendor.test", Role.Qa);
        using var support = await scene.Server.As("su@vendor.test", Role.Support);
        var words = new { en = "Say this.", zh = "这样说。" };

        Assert.Equal(HttpStatusCode.Forbidden, (await quality.PutAsJsonAsync($"/api/v1/retirements/{scene.Id}/talk-tracks", words, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await support.PutAsJsonAsync($"/api/v1/retirements/{scene.Id}/talk-tracks", words, Cancel)).StatusCode);
    }

    /// <summary>Both customers' first letters wait: there is no mail server.</summary>
    private static async Task<AnnounceScene> Waiting(Database database)
    {
        var scene = await (await On(database)).Released();
        await scene.Settle();
        return scene;
    }

    private static Task<IReadOnlyList<MessageRow>> Claimed(AnnounceScene scene) => scene.Server.Get<Claims>().Take("email", 10, 100, TimeSpan.FromMinutes(1), Cancel);
}
