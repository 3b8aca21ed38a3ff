using Sunsetter.Harness;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>Telling customers reads what is due and nothing else.</summary>
public sealed class LooksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Once_everybody_is_told_nobody_is_looked_at_until_something_changes(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Settle();
        Assert.Empty(await Due(scene));

        await scene.Log.Change(scene.Id, Meiya, "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer, new FollowUpLogged(FollowUpOutcome.Reached, "Spoke.", null, "")), Cancel);
        Assert.Equal([Meiya], (await Due(scene)).Select(entry => entry.Customer));

        await scene.Server.Tick();
        Assert.Empty(await Due(scene));
    }

    [Theory, EachDatabase]
    public async Task A_change_of_the_plan_makes_everybody_due(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Settle();

        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesPaused("A wrong word.")), Cancel);

        Assert.Equal([Huaxin, Meiya], (await Due(scene)).Select(entry => entry.Customer));
    }

    [Theory, EachDatabase]
    public async Task Everybody_is_looked_at_again_after_fifteen_minutes_and_not_a_millisecond_sooner(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Settle();
        var last = scene.Server.Clock.GetUtcNow();
        await scene.Server.Tick();

        scene.Server.Clock.SetUtcNow(last + Looks.Longest - TimeSpan.FromMilliseconds(1) - TimeSpan.FromSeconds(10));
        Assert.Empty(await Due(scene));
        scene.Server.Clock.SetUtcNow(last + Looks.Longest);
        Assert.Equal(2, (await Due(scene)).Count);
    }

    [Fact]
    public void The_customers_own_midnight_is_a_time_to_look() =>
        // 23:50 in Shanghai.
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 16, 0, 0, TimeSpan.Zero), Looks.AgainAt(Told.Entry(), 7, new DateTimeOffset(2026, 11, 22, 15, 50, 0, TimeSpan.Zero)));

    [Fact]
    public void The_end_of_a_silence_is_a_time_to_look()
    {
        var sent = Told.Entry(new NoticeSent(1, "li@huaxin.test", "email", "1@test", new DateOnly(2026, 11, 1)));
        var at = sent.Reach.Deliveries.Single().At;

        Assert.Equal(at.AddDays(7), Looks.AgainAt(sent, 7, at.AddDays(7).AddMinutes(-3)));
    }

    private static async Task<IReadOnlyList<LedgerEntry>> Due(AnnounceScene scene) =>
        await scene.Server.Get<Looks>().Due(await scene.Retirement(), null, scene.Server.Clock.GetUtcNow(), Cancel);
}
