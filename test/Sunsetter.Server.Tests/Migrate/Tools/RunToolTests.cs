using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>Who may be run when: the rules.</summary>
public sealed class RunToolTests
{
    private static readonly Guid Tool = Guid.CreateVersion7();
    private static readonly ToolCommands Commands = new(new Dictionary<string, string> { ["mover"] = "/bin/true" });
    private static readonly Retirement Ready = Told.Migrating(new MigrationToolAttached(new MigrationTool("Mover", MigrationToolKind.Command, "mover", 60) { Id = Tool }));

    [Fact]
    public void Without_a_tool_nothing_runs() => Run(true).Decide(Told.Migrating(), [Told.Entry()]).Refused("tool.none");

    [Fact]
    public void A_real_run_without_a_successful_dry_run_is_refused() => Run(false).Decide(Ready, [Told.Entry()]).Refused("run.no-dry-run");

    [Fact]
    public void A_dry_run_of_another_tool_proves_nothing() => Run(false).Decide(Ready, [Told.Entry(Ran(true, Guid.CreateVersion7(), out var id), Ended(id, true))]).Refused("run.no-dry-run");

    [Fact]
    public void A_dry_run_that_failed_proves_nothing() => Run(false).Decide(Ready, [Told.Entry(Ran(true, Tool, out var id), Ended(id, false))]).Refused("run.no-dry-run");

    [Fact]
    public void After_a_successful_dry_run_the_real_one_starts() =>
        Assert.False(Run(false).Decide(Ready, [Told.Entry(Ran(true, Tool, out var id), Ended(id, true))]).Answered<MigrationRunRequested>().DryRun);

    [Fact]
    public void A_real_run_before_the_replacement_is_signed_off_is_refused_and_a_dry_run_is_not()
    {
        var unsigned = Ready.Then("qa@vendor.test", new ReplacementSignOffWithdrawn("It loses messages."));

        Run(false).Decide(unsigned, [Told.Entry(Ran(true, Tool, out var id), Ended(id, true))]).Refused("run.replacement-not-ready");
        Run(true).Decide(unsigned, [Told.Entry()]).Answered<MigrationRunRequested>();
    }

    [Fact]
    public void Two_runs_for_one_customer_are_never_under_way_together() => Run(true).Decide(Ready, [Told.Entry(Ran(true, Tool, out _))]).Refused("run.active");

    [Fact]
    public void What_has_succeeded_may_be_repeated_for_one_customer_with_the_same_key()
    {
        var done = Told.Entry(Ran(true, Tool, out var dry), Ended(dry, true));
        var first = Run(false).Decide(Ready, [done]).Answered<MigrationRunRequested>();
        var again = Run(false).Decide(Ready, [done.Then("yue", first, Ended(first.Id, true))]).Answered<MigrationRunRequested>();

        Assert.Equal((2, first.IdempotencyKey), (again.Attempt, again.IdempotencyKey));
        Assert.NotEqual(first.Id, again.Id);
    }

    [Fact]
    public void Run_for_many_leaves_out_who_has_moved_who_is_done_and_who_is_under_way()
    {
        LedgerEntry Of(string key, params EntryFact[] facts) => Told.EntryOf(new CustomerKey(key), CustomerClass.Standard, facts);
        var entries = new[]
        {
            Of("ready"), Of("moved", new MovementObserved(MoveState.Moved, 0, 5, 0, default)), Of("done", Ran(true, Tool, out var id), Ended(id, true)), Of("active", Ran(true, Tool, out _)),
        };

        var decision = Many(true).Decide(Ready, entries);

        Assert.Equal(["ready"], decision.Facts.Select(fact => fact.Customer!.Value.Value));
    }

    [Fact]
    public void Run_for_many_with_nobody_ready_says_how_many_stand_where() =>
        Many(false).Decide(Ready, [Told.Entry()]).Refused("run.nobody");

    [Fact]
    public void The_same_request_sent_twice_starts_each_run_once()
    {
        var request = Many(true);
        var entry = Told.Entry();
        var started = entry.Then("yue", request.Decide(Ready, [entry]).Answered<MigrationRunRequested>());

        var again = request.Decide(Ready, [started]);

        Assert.Null(again.Refusal);
        Assert.Empty(again.Facts);
    }

    [Fact]
    public void A_wave_of_the_plan_is_run_alone_and_an_unknown_one_is_refused()
    {
        var waves = Told.Migrating(new MigrationToolAttached(Ready.Migrating.Tool!), new RetirementScheduled(Told.Plan with { Waves = Told.Plan.Waves.Add("first", Told.ClosesOn) }, "Waves"));
        var entries = new[] { Told.EntryOf(new CustomerKey("a"), CustomerClass.Standard, new WaveSet("first")), Told.EntryOf(new CustomerKey("b"), CustomerClass.Standard) };

        Assert.Equal(["a"], new RunTool(Guid.CreateVersion7(), true, new RunScope(null, "first")).Decide(waves, entries).Facts.Select(fact => fact.Customer!.Value.Value));
        new RunTool(Guid.CreateVersion7(), true, new RunScope(null, "second")).Decide(waves, entries).Refused("wave.unknown");
    }

    [Theory]
    [InlineData("http://10.0.0.1/tool", "X-Key", "tool.secret-in-clear"), InlineData("ftp://tools.vendor.test", null, "tool.bad-address"), InlineData("https://user@tools.vendor.test", null, "tool.bad-address")]
    [InlineData("https://tools.vendor.test", "Host", "tool.bad-header"), InlineData("https://tools.vendor.test", "X Key", "tool.bad-header")]
    public void A_web_call_that_could_leak_is_not_attached(string target, string? header, string code) =>
        new AttachTool(Guid.CreateVersion7(), "Mover", MigrationToolKind.WebCall, target, [], 60, header, header is not null).Decide(Told.Migrating(), [], Commands).Refused(code);

    [Theory]
    [InlineData("/bin/sh"), InlineData("mover; reboot"), InlineData("../mover")]
    public void A_command_that_is_not_on_the_list_is_not_attached(string target) =>
        new AttachTool(Guid.CreateVersion7(), "Mover", MigrationToolKind.Command, target, [], 60, null, false).Decide(Told.Migrating(), [], Commands).Refused("tool.not-allowed");

    [Theory]
    [InlineData(0), InlineData(AttachTool.LongestSeconds + 1)]
    public void A_run_takes_a_second_to_a_day(int seconds) =>
        new AttachTool(Guid.CreateVersion7(), "Mover", MigrationToolKind.Command, "mover", [], seconds, null, false).Decide(Told.Migrating(), [], Commands).Refused("tool.timeout");

    [Fact]
    public void A_tool_is_neither_changed_nor_taken_away_while_it_runs()
    {
        new AttachTool(Guid.CreateVersion7(), "Other", MigrationToolKind.Command, "mover", [], 60, null, false).Decide(Ready, [Told.Entry(Ran(true, Tool, out _))], Commands).Refused("tool.busy");
        new DetachTool("Broken").Decide(Ready, [Told.Entry(Ran(true, Tool, out _))]).Refused("tool.busy");
    }

    [Fact]
    public void A_run_that_has_ended_cannot_be_stopped() => new StopRun(Stopped(out var entry), "").Decide(entry).Refused("run.ended");

    private static Guid Stopped(out LedgerEntry entry)
    {
        entry = Told.Entry(Ran(true, Tool, out var id), Ended(id, true));
        return id;
    }

    private static RunTool Run(bool dry) => new(Guid.CreateVersion7(), dry, new RunScope(Told.Huaxin, null));

    private static RunTool Many(bool dry) => new(Guid.CreateVersion7(), dry, RunScope.NotMoved);

    private static MigrationRunRequested Ran(bool dry, Guid tool, out Guid id) => new(id = Guid.CreateVersion7(), dry, 1, "key") { Tool = tool };

    private static MigrationRunFinished Ended(Guid id, bool succeeded) => new(id, succeeded, null, null, "");
}
