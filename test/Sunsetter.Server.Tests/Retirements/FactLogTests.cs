using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements;

public sealed class FactLogTests
{
    private static readonly CustomerKey Huaxin = new("huaxin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_state_read_back_equals_the_state_answered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();

        var answered = (await log.Begin(id, "lin@vendor.test", _ => Proposal(), Cancel)).Value;
        var read = await log.Find(id, Cancel);

        Assert.Equal(States.Write(answered), States.Write(read!));
        Assert.Equal(("lin@vendor.test", 1, Stage.Decide), (read!.ProposedBy, read.Version, read.Stage));
    }

    [Theory, EachDatabase]
    public async Task A_refused_command_leaves_no_trace(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Proposal(), Cancel);

        var outcome = await log.Change(id, "lin@vendor.test", _ => Decision.Of(new RetirementApproved()).And(new Refusal("no", "No.", "不。")), Cancel);

        Assert.Equal("no", outcome.Refusal?.Code);
        Assert.Single(await log.History(id, null, Cancel));
    }

    [Theory, EachDatabase]
    public async Task Twenty_changes_at_once_are_all_stored_each_with_a_version_of_its_own(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Proposal(), Cancel);
        await log.Change(id, "lin@vendor.test", _ => Decision.Of(Huaxin, Opened()), Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            log.Change(id, Huaxin, "lin@vendor.test", (_, entry) => Decision.Of(Huaxin, new WaveSet($"wave {entry.Version}")), Cancel)));

        var stored = outcomes.Count(outcome => outcome.Refusal is null);
        Assert.All(outcomes.Where(outcome => outcome.Refusal is not null), outcome => Assert.Equal(Refusal.Overtaken, outcome.Refusal));
        var versions = (await log.History(id, Huaxin, Cancel)).Select(fact => fact.Version);
        Assert.Equal(Enumerable.Range(1, stored + 1), versions);
    }

    [Theory, EachDatabase]
    public async Task Folding_anew_gives_the_stored_states(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Proposal().And(new RetirementApproved()).And(Decision.Of(Huaxin, Opened(), new WaveSet("late"))), Cancel);
        var before = (States.Write((await log.Find(id, Cancel))!), States.Write((await log.FindEntry(id, Huaxin, Cancel))!));

        await log.Change(id, Huaxin, "sunsetter", (_, _) => Decision.Of(Huaxin, new CustomerClosed(ServerUnderTest.Start)), Cancel);
        before = (before.Item1, States.Write((await log.FindEntry(id, Huaxin, Cancel))!));

        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            // As a column added later would be: empty until it is folded anew.
            await db.Set<EntryRow>().ExecuteUpdateAsync(set => set.SetProperty(row => row.ClosedAt, (DateTimeOffset?)null), Cancel);
            await Refold.All(db, Cancel);
            Assert.Equal(ServerUnderTest.Start, (await db.Set<EntryRow>().AsNoTracking().SingleAsync(Cancel)).ClosedAt);
        }

        Assert.Equal(before, (States.Write((await log.Find(id, Cancel))!), States.Write((await log.FindEntry(id, Huaxin, Cancel))!)));
    }

    [Theory, EachDatabase]
    public async Task Each_fact_is_linked_to_the_one_before(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Proposal().And(new RetirementApproved()).And(new MigrationStarted()), Cancel);

        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        var rows = await db.Set<FactRow>().OrderBy(row => row.Version).ToListAsync(Cancel);
        var head = rows.Aggregate(FactChain.Start, (previous, row) =>
        {
            var link = FactChain.Link(previous, row.Retirement.ToString(), row.Customer, row.Version, row.Kind, row.At.ToUnixTimeMilliseconds(), row.By, row.Body);
            Assert.Equal(link, row.Hash);
            return link;
        });
        Assert.Equal(head, (await db.Set<RetirementRow>().SingleAsync(Cancel)).Head);
    }

    [Theory, EachDatabase]
    public async Task Of_two_rules_that_look_at_the_same_things_at_once_the_second_sees_what_the_first_did(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Proposal().And(Decision.Of(Huaxin, Opened())), Cancel);
        var schedule = new Schedule(new(2027, 3, 1), new(10, 0), "Asia/Shanghai", new(2027, 1, 1), 14);

        for (var round = 0; round < 20; round++)
        {
            var name = $"wave {round}";
            var waves = System.Collections.Immutable.ImmutableSortedDictionary<string, DateOnly>.Empty.Add(name, new(2027, 4, 1));
            await log.Change(id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { Waves = waves }, "A wave.")), Cancel);
            // One takes the wave out while nobody is in it, the other puts somebody in while it is there.
            await Task.WhenAll(
                Task.Run(() => log.Change(id, "ana@vendor.test", (_, entries) => entries.Any(entry => entry.Wave == name) ? new Refusal("wave.not-empty", "No.", "不。") : new RetirementScheduled(schedule, "No wave."), Cancel)),
                Task.Run(() => log.Change(id, Huaxin, "bo@vendor.test", (retirement, _) => retirement.Schedule!.Waves.ContainsKey(name) ? Decision.Of(Huaxin, new WaveSet(name)) : new Refusal("wave.unknown", "No.", "不。"), Cancel)));

            var inside = (await log.FindEntry(id, Huaxin, Cancel))!.Wave == name;
            Assert.Equal(inside, (await log.Find(id, Cancel))!.Schedule!.Waves.ContainsKey(name));
        }
    }

    private static Decision Proposal() => new RetirementProposed(
        new ModuleKey("rooms-legacy"), new ModuleKey("spaces"), new Text("Legacy rooms go", "旧版群聊室退役"), "wang@vendor.test",
        [new Reason(ReasonKind.TechnicalRenewal, new Text("It cannot meet the retention rules of 2027.", "架构无法满足 2027 年的留存要求。"))]);

    private static EntryOpened Opened() => new(new Text("Huaxin Bank", "华信银行"), "enterprise", CustomerClass.Key, "yue@vendor.test", "Asia/Shanghai", "zh-CN");
}
