using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Migrate.Tools.ToolScene;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>A real small executable, run per customer.</summary>
public sealed class CommandRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_dry_run_then_the_real_run_report_progress_and_stand_in_the_ledger(Database database)
    {
        await using var scene = await (await On(database, """
            cat >> $DIR/work
            echo "$@" >> $DIR/arguments
            echo '{"done":40,"total":100,"message":"rooms copied"}'
            echo 'a line of log'
            echo '{"done":100,"message":"all moved"}'
            """)).WithCommand(60, "--customer={customer}", "{mode}");

        Assert.Equal(1, (await scene.Ask(dryRun: true, Huaxin)).Value);
        await scene.RunDue();
        Assert.Equal(1, (await scene.Ask(dryRun: false, Huaxin)).Value);
        await scene.RunDue();

        Assert.Equal(["--customer=huaxin dry-run", "--customer=huaxin run"], scene.Left("arguments"));
        var run = await scene.LastRun(Huaxin);
        Assert.Equal((true, false, 1, 100, 100, "all moved"), (run.Succeeded, run.DryRun, run.Attempt, run.Done, run.Total, run.Output));
        Assert.Equal("rooms copied\na line of log\nall moved\n", (await scene.Row(Huaxin)).Output);
        var work = JsonDocument.Parse(scene.Left("work")[1]).RootElement;
        Assert.Equal(("huaxin", "rooms-legacy", "spaces", false), (work.GetProperty("customer").GetProperty("key").GetString(), work.GetProperty("module").GetString(), work.GetProperty("replacement").GetString(), work.GetProperty("dryRun").GetBoolean()));
        Assert.Equal(run.IdempotencyKey, work.GetProperty("key").GetString());
        Assert.False(work.TryGetProperty("report", out _));
    }

    [Theory, EachDatabase]
    public async Task A_run_that_asks_to_be_called_again_is_called_again_after_its_pause_with_the_same_key(Database database)
    {
        await using var scene = await (await On(database, """
            echo $SUNSETTER_IDEMPOTENCY_KEY >> $DIR/keys
            [ $(wc -l < $DIR/keys) -ge 2 ] || exit 75
            """)).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();
        Assert.Null((await scene.LastRun(Huaxin)).FinishedAt);

        scene.Server.Clock.Advance(TimeSpan.FromSeconds(23));
        await scene.RunDue();
        Assert.Single(scene.Left("keys"));
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(14));
        await scene.RunDue();

        Assert.True((await scene.LastRun(Huaxin)).Succeeded);
        Assert.Single(scene.Left("keys").Distinct());
        Assert.Equal(2, scene.Left("keys").Length);
    }

    [Theory, EachDatabase]
    public async Task After_six_calls_that_ended_with_not_now_the_run_has_failed(Database database)
    {
        await using var scene = await (await On(database, "echo x >> $DIR/calls; exit 75")).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        for (var call = 0; call < ToolRun.MostAttempts; call++)
        {
            Assert.Null((await scene.LastRun(Huaxin)).FinishedAt);
            await scene.RunDue();
            scene.Server.Clock.Advance(TimeSpan.FromHours(5));
        }
        await scene.RunDue();

        Assert.Equal(ToolRun.MostAttempts, scene.Left("calls").Length);
        Assert.StartsWith("Given up after 6 calls.", (await scene.LastRun(Huaxin)).Output);
    }

    [Theory, EachDatabase]
    public async Task A_failed_run_says_why_and_may_be_run_again_with_the_next_attempt(Database database)
    {
        await using var scene = await (await On(database, """echo '{"message":"room 7 is locked"}'; echo trouble >&2; exit 3""")).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        var failed = await scene.LastRun(Huaxin);
        Assert.Equal((false, "The tool ended with exit code 3. · 工具以退出码 3 结束。 room 7 is locked"), (failed.Succeeded, failed.Output));
        Assert.Contains("trouble\n", (await scene.Row(Huaxin)).Output);
        Assert.Equal("run.no-dry-run", (await scene.Ask(dryRun: false, Huaxin)).Refusal?.Code);
        Assert.Equal(1, (await scene.Ask(dryRun: true, Huaxin)).Value);
        Assert.Equal((2, failed.IdempotencyKey), ((await scene.LastRun(Huaxin)).Attempt, (await scene.LastRun(Huaxin)).IdempotencyKey));
    }

    [Theory, EachDatabase]
    public async Task A_run_over_its_time_limit_is_stopped_and_failed(Database database)
    {
        await using var scene = await (await On(database, "touch $DIR/started; sleep 600")).WithCommand(60);
        await scene.Ask(dryRun: true, Huaxin);
        var tools = scene.Server.Get<RunTools>();
        await tools.Run(scene.Server.Clock.GetUtcNow(), Cancel);
        await scene.Appears("started");

        scene.Server.Clock.Advance(TimeSpan.FromSeconds(60));
        await tools.Finished();
        await scene.RunDue();

        Assert.StartsWith("It took longer than 60 seconds and was stopped.", (await scene.LastRun(Huaxin)).Output);
    }

    [Theory, EachDatabase]
    public async Task The_stop_button_ends_the_tool_and_its_children(Database database)
    {
        await using var scene = await (await On(database, "sleep 600 & echo $! > $DIR/child; touch $DIR/started; wait")).WithCommand(3600);
        await scene.Ask(dryRun: true, Huaxin);
        var tools = scene.Server.Get<RunTools>();
        await tools.Run(scene.Server.Clock.GetUtcNow(), Cancel);
        await scene.Appears("started");
        var run = await scene.LastRun(Huaxin);

        Assert.Null((await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => new StopRun(run.Id, "Wrong night.").Decide(entry), Cancel)).Refusal);
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await tools.Finished();
        await scene.RunDue();

        Assert.StartsWith("Stopped by yue@vendor.test.", (await scene.LastRun(Huaxin)).Output);
        Assert.False(Alive(scene.Left("child")[0]));
    }

    [Theory, EachDatabase]
    public async Task A_run_that_waits_for_its_next_call_is_stopped_at_once_and_without_one(Database database)
    {
        await using var scene = await (await On(database, "echo x >> $DIR/calls; exit 75")).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();
        var run = await scene.LastRun(Huaxin);

        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => new StopRun(run.Id, "").Decide(entry), Cancel);
        await scene.RunDue();

        Assert.Single(scene.Left("calls"));
        Assert.StartsWith("Stopped by yue@vendor.test.", (await scene.LastRun(Huaxin)).Output);
    }

    [Theory, EachDatabase]
    public async Task A_customer_whose_key_looks_like_an_option_is_no_option(Database database)
    {
        await using var scene = await (await On(database, "echo x > $DIR/calls")).WithCommand(60, "{customer}");
        var work = new ToolWork(Guid.Empty, "k", 1, true, scene.Id, new ModuleKey("rooms"), null, new ToolCustomer(new CustomerKey("--delete-all"), "x", "UTC", "en"));

        var end = await new CommandRunner(scene.Server.Get<ToolCommands>()).Run(new ToolCall((await scene.Log.Find(scene.Id, Cancel))!.Migrating.Tool!, work, null), new ToolTalk(), Cancel);

        Assert.IsType<ToolEnd.Failed>(end);
        Assert.Empty(scene.Left("calls"));
    }

    [Theory]
    [InlineData("--customer={customer}", "--customer=a {key} $(reboot)"), InlineData("{unknown}", "{unknown}"), InlineData("{", "{"), InlineData("{mode}{mode}", "dry-rundry-run")]
    public void Names_in_braces_are_filled_once_and_never_read_again(string argument, string expected) =>
        Assert.Equal(expected, CommandRunner.Fill(argument, new ToolWork(Guid.Empty, "k", 1, true, default, new ModuleKey("m"), null, new ToolCustomer(new CustomerKey("a {key} $(reboot)"), "x", "UTC", "en"))));

    [Theory, EachDatabase]
    public async Task The_tool_sees_no_secret_of_the_servers_environment(Database database)
    {
        Environment.SetEnvironmentVariable("SUNSETTER_DATABASE_COPY", "Password=hunter2");
        await using var scene = await (await On(database, "env > $DIR/environment")).WithCommand();
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        Assert.DoesNotContain(scene.Left("environment"), line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains(scene.Left("environment"), line => line.StartsWith("SUNSETTER_RUN=", StringComparison.Ordinal));
    }

    private static bool Alive(string pid) => File.Exists($"/proc/{pid.Trim()}/cmdline") && File.ReadAllText($"/proc/{pid.Trim()}/cmdline").Contains("sleep", StringComparison.Ordinal);
}
