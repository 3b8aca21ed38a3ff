using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>What stands in a team-chat channel is what holds.</summary>
public sealed class PostsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_moved_day_and_one_that_is_called_off_are_posted_once_each_and_a_day_that_comes_back_again(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Server.Get<Settings>().Set(new ChatChannels { Channels = [new("town", "slack", "http://127.0.0.1:9/hook", null, "en")] }, "test", Cancel);
        // Published, and the server died before it had posted.
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new AnnouncementPublished()), Cancel);

        Assert.Equal(["announcement-202702200200.0"], await Posted(scene));
        await Move(scene, Closes.AddDays(30));
        Assert.Equal("announcement-202703220200.1", (await Posted(scene))[^1]);
        await Move(scene, Closes);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementCancelled("It stays.")), Cancel);

        Assert.Equal(["announcement-202702200200.0", "announcement-202703220200.1", "announcement-202702200200.2", "announcement-off.3"], await Posted(scene));
    }

    [Theory, EachDatabase]
    public async Task A_channel_that_is_added_later_is_not_flooded_with_what_was_announced_before(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new AnnouncementPublished()), Cancel);
        scene.Server.Clock.Advance(TimeSpan.FromHours(1));
        await scene.Server.Get<Settings>().Set(new ChatChannels { Channels = [new("town", "slack", "http://127.0.0.1:9/hook", null, "en")] }, "test", Cancel);

        Assert.Empty(await Posted(scene));
    }

    private static async Task Move(AnnounceScene scene, DateOnly day)
    {
        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = day }, "Year-end.")), Cancel);
        await Posted(scene);
    }

    private static async Task<string[]> Posted(AnnounceScene scene)
    {
        await scene.Server.Tick(TimeSpan.FromSeconds(15));
        await scene.Server.Tick(TimeSpan.FromSeconds(15));
        return [.. (await scene.Server.Get<Outbox>().Posts(scene.Id, Cancel)).Select(post => post.Step)];
    }
}
