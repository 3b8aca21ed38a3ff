using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using static Sunsetter.Server.Tests.Migrate.Tools.ToolScene;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>Two nodes never run the same, and a killed node loses nothing.</summary>
public sealed class ToolLeaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Of_two_nodes_that_claim_at_once_one_gets_the_run(Database database)
    {
        await using var scene = await (await On(database)).WithCommand();
        await scene.Ask(dryRun: true);
        var (one, other) = (scene.Server.Get<ToolRuns>(), scene.Server.Get<ToolRuns>());
        await one.Discover(Cancel);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(node => Task.Run(() => (node % 2 == 0 ? one : other).Claim(10, Cancel), Cancel)));

        Assert.Equal(2, claimed.Sum(runs => runs.Count));
        Assert.Equal(2, claimed.SelectMany(runs => runs).Select(run => run.Id).Distinct().Count());
    }

    [Theory, EachDatabase]
    public async Task A_killed_nodes_run_is_taken_when_its_lease_ends_and_what_the_dead_one_says_is_not_written(Database database)
    {
        await using var scene = await (await On(database)).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        var runs = scene.Server.Get<ToolRuns>();
        await runs.Discover(Cancel);
        var dead = Assert.Single(await runs.Claim(1, Cancel));

        scene.Server.Clock.Advance(ToolRuns.Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await runs.Claim(1, Cancel));
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var heir = Assert.Single(await runs.Claim(1, Cancel));

        Assert.False(await runs.Keep(dead, new ToolTalk(), Cancel));
        Assert.False(await runs.End(dead, new ToolTalk(), succeeded: true, "done", Cancel));
        Assert.True(await runs.End(heir, new ToolTalk(), succeeded: false, "failed", Cancel));
        Assert.Equal(dead.Fence + 1, heir.Fence);
    }

    [Theory, EachDatabase]
    public async Task An_outcome_that_was_not_recorded_before_a_crash_is_recorded_once_after_it(Database database)
    {
        await using var scene = await (await On(database)).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        var runs = scene.Server.Get<ToolRuns>();
        await runs.Discover(Cancel);
        await runs.End(Assert.Single(await runs.Claim(1, Cancel)), new ToolTalk(), succeeded: true, "moved", Cancel);

        await scene.RunDue();
        await scene.RunDue();

        Assert.Equal((true, "moved"), ((await scene.LastRun(Huaxin)).Succeeded, (await scene.LastRun(Huaxin)).Output));
        Assert.Single(await scene.Log.History(scene.Id, Huaxin, Cancel), fact => fact.Fact is Server.Retirements.MigrationRunFinished);
    }

    [Theory, EachDatabase]
    public async Task A_server_that_stops_ends_its_tools_and_gives_their_runs_back(Database database)
    {
        await using var scene = await (await On(database, "touch $DIR/started; sleep 600")).WithCommand(3600);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.Server.Get<RunTools>().Run(scene.Server.Clock.GetUtcNow(), Cancel);
        await scene.Appears("started");
        var runs = scene.Server.Get<ToolRuns>();
        var id = (await scene.LastRun(Huaxin)).Id;

        await scene.Server.App.StopAsync(Cancel);

        var back = (await runs.Find(id, Cancel))!;
        Assert.Equal((ToolRunState.Waiting, DateTimeOffset.UnixEpoch, 0), (back.State, back.LeaseUntil, back.Attempts));
    }

    [Fact]
    public async Task What_a_tool_says_is_bounded_and_cleaned()
    {
        var talk = new ToolTalk();
        using var said = new MemoryStream([.. "\u0000bell\u0007\n"u8, .. "{\"message\":\"\\ud800\"}\n"u8, .. System.Text.Encoding.UTF8.GetBytes(new string('x', 5000)), (byte)'\n', .. "{\"done\":-1,\"total\":5}"u8]);

        await talk.Hear(said, Cancel);

        var lines = talk.Now.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("bell", lines[0]);
        Assert.Equal(4096, lines[^1].Length);
        Assert.Equal(((int?)null, (int?)5), (talk.Now.Done, talk.Now.Total));
        for (var line = 0; line < 40; line++)
            talk.Hear(new string('y', 4000));
        Assert.Equal(64 * 1024, talk.Now.Output.Length);
    }
}
