using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class FiguresTests
{
    private const int Customers = 60;

    // The figures are reckoned from rows, customer by customer; the questions are answered from windows of days, module by module.
    [Theory, EachDatabase]
    public async Task After_every_kind_of_change_pages_show_what_is_stored(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var random = new Random(20261128);
        await server.Import(string.Concat(Enumerable.Range(0, 3000).Select(_ => Line(random.Next(600), $"m{random.Next(4)}", $"c{random.Next(Customers)}", random.Next(4)))).Insert(0, "time,module,customer,user\n"));
        // More changed than a page waits for.
        await server.Get<KeptFigures>().ReadAll(Cancel);
        await Agree(server, "at first");

        foreach (var (change, line) in new[] { ("today", Line(0, "m1", "c3", 9)), ("a late report", Line(40, "m2", "c4", 7)), ("a module and a customer that are new", Line(2, "m9", "stranger", 1)) })
        {
            await server.Import("time,module,customer,user\n" + line);
            await Agree(server, change);
        }
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(60, 5).Select(ago => Line(ago, "m1", "c3", 1))), source: "gateway");
        // What is known of a module's days concerns all who used it.
        await server.Get<KeptFigures>().ReadAll(Cancel);
        await Agree(server, "a second source, which then fell silent");
        await server.Get<EndedSources>().Say("gateway", UsageFixture.Today.AddDays(-59), "It was replaced.", "admin@vendor.test", Cancel);
        await server.Get<KeptFigures>().ReadAll(Cancel);
        await Agree(server, "a source that has ended");
        await Add(server, new Customer { Key = new("c5"), NameEn = "Five", Tier = "gold", AnnualValue = 900_000 }, new Customer { Key = new("c6"), NameEn = "Six", Tier = "gold", AnnualValue = 100 });
        await Agree(server, "contracts");
        await server.Get<Settings>().Set(new UsageSettings { IdleDays = 0 }, "admin@vendor.test", Cancel);
        await server.Get<KeptFigures>().ReadAll(Cancel);
        await Agree(server, "another rule for silence");
        server.Clock.Advance(TimeSpan.FromDays(1));
        await server.Get<KeptFigures>().ReadAll(Cancel);
        await Agree(server, "midnight");
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        await using (var transaction = await db.Database.BeginTransactionAsync(Cancel))
        {
            await server.Get<IEnumerable<IKeptData>>().OfType<UsageData>().Single().Destroy(db, new Retirement(RetirementId.New()) { Module = new("m1") }, [new("c3")], Cancel);
            await transaction.CommitAsync(Cancel);
        }
        await Agree(server, "use that was destroyed");
    }

    [Fact]
    public void Whoever_used_a_module_before_it_was_numbered_here_is_reckoned_again()
    {
        CustomerFigures Of(string customer, int module) => new(new(customer), 7, 1, new Dictionary<int, UseFigure> { [module] = null! });
        var customers = new Dictionary<int, CustomerFigures> { [1] = Of("a", 1), [2] = Of("b", 2) };
        bool[] known = [true], unknown = [false];
        IEnumerable<int> Behind(Dictionary<int, bool[]> then, Dictionary<int, bool[]> now, long revision = 7) =>
            KeptFigures.Behind(customers, then, new Dictionary<int, long> { [1] = 7, [2] = revision }, now);

        Assert.Empty(Behind(new() { [1] = known, [2] = known }, new() { [1] = known, [2] = known }));
        Assert.Equal([2], Behind(new() { [1] = known, [2] = known }, new() { [1] = known, [2] = known }, revision: 8));
        Assert.Equal([2], Behind(new() { [1] = known, [2] = unknown }, new() { [1] = known, [2] = known }));
        // Its number came after the modules were read and before its use was.
        Assert.Equal([2], Behind(new() { [1] = known }, new() { [1] = known, [2] = known }));
    }

    [Theory, EachDatabase]
    public async Task Figures_of_a_day_to_come_are_not_shown_once_the_clock_was_set_right(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(0, Customers).Select(at => Line(1, "m1", $"c{at}", 1))));
        server.Clock.Advance(TimeSpan.FromDays(3));
        await server.Get<KeptFigures>().ReadAll(Cancel);

        server.Clock.AdjustTime(ServerUnderTest.Start);

        Assert.Equal((UsageFixture.Today, Customers), ((await server.Get<KeptFigures>().Read(Cancel)).Today, (await server.Get<KeptFigures>().Read(Cancel)).Use(new("m1")).Day));
    }

    private static string Line(int ago, string module, string customer, int user) =>
        string.Create(CultureInfo.InvariantCulture, $"{UsageFixture.Today.AddDays(-ago):yyyy-MM-dd}T08:{user:00}:00Z,{module},{customer},u{user}\n");

    private static async Task Agree(ServerUnderTest server, string when)
    {
        var (usage, figures) = (server.Get<UsageQuestions>(), await server.Get<KeptFigures>().Read(Cancel));
        var (today, until) = (DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime), DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime).AddDays(-1));
        Assert.Equal(today, figures.Today);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        var contracts = UsageQuestions.Comparable((await db.Set<Customer>().ToListAsync(Cancel)).Select(customer => (customer.Key, customer.AnnualValue, customer.Currency)));
        var active = await usage.ActiveUsers(today, 90, Cancel);
        Assert.Equal(Told(active), Told(figures.Customers.Values.Where(one => one.ActiveOf90 is not null).ToDictionary(one => one.Customer, one => one.ActiveOf90!.Value)));
        foreach (var module in (await server.Get<UsageKeys>().Modules(Cancel)).Values)
        {
            var why = $"{module} {when}";
            var (activity, use) = (await usage.Activity(module, until, 399, Cancel), figures.Use(module));
            Assert.True((activity.Day, activity.Week, activity.Month, activity.Trend) == (use.Day, use.Week, use.Month, use.Trend), why);
            Assert.Equal(activity.Weeks.Select(week => (week.Until, week.Users, week.Covered)), use.Weeks.Select(week => (week.Until, week.Users, week.Covered)));
            Assert.Equal(activity.Coverage.Sentence, use.Coverage.Sentence);
            Assert.Equal(Told(await usage.LastUses(module, today, 400, Cancel)), Told(figures.LastUses(module, 400).ToDictionary(use => use.Key, use => use.Value)));
            Assert.Equal(Told((await usage.Overlaps(module, module, today, 90, Cancel)).ToDictionary(one => one.Customer, one => one.Old)),
                Told(figures.Of(module).Customers.Values.Where(one => one.UsersOf90 > 0).ToDictionary(one => one.Customer, one => one.UsersOf90)));
            // What pages show of a trend, they show only where both stretches are known.
            var comparable = use.Coverage.Covers(until, 2 * UsageQuestions.Month);
            var own = figures.Of(module).Customers.Values.ToDictionary(one => one.Customer);
            foreach (var exact in await usage.Customers(module, until, 399, Cancel))
                Assert.Equal((exact.Day, exact.Week, exact.Month, exact.Trend, exact.CallsOfMonth, string.Join(' ', exact.Weeks)),
                    (own[exact.Customer].Day, own[exact.Customer].Week, own[exact.Customer].Month, comparable ? own[exact.Customer].Trend : null, own[exact.Customer].CallsOfMonth, string.Join(' ', own[exact.Customer].Weekly.ToArray())));
            Assert.Equal((await usage.HiddenDependents(module, today, Cancel)).Select(Told), figures.HiddenDependents(module, contracts).Select(Told));
        }
        Assert.Equal((await usage.Glances(until, 26, Cancel)).Select(Told), figures.Glances(new HashSet<ModuleKey>(), 26).Select(Told));
        (ModuleKey Old, ModuleKey New)[] pairs = [(new("m1"), new("m2")), (new("m2"), new(""))];
        foreach (var (pair, moved) in await server.Get<KeptMovement>().Of(pairs, today, Cancel))
            Assert.Equal(await usage.Standings(pair.Old, pair.New, today, Cancel), moved.Values.Select(one => one.Standing).OrderBy(one => one.Customer.Value, StringComparer.Ordinal));
    }

    private static string Told<T>(IReadOnlyDictionary<CustomerKey, T> figures) => string.Join(' ', figures.OrderBy(one => one.Key.Value, StringComparer.Ordinal).Select(one => $"{one.Key}:{one.Value}"));

    private static string Told(HiddenDependent found) => $"{found.Customer} {found.Score} {string.Join(' ', found.Flags.Select(flag => $"{flag.Kind}/{flag.Points}/{flag.Reason.En}/{flag.NextExpected}"))} {string.Join(',', found.Weeks)}";

    private static string Told(ModuleGlance glance) => $"{glance.Module} {glance.Month} {glance.CustomersOfMonth} {glance.Trend} {string.Join(',', glance.Weeks)} {glance.Coverage.Sentence.En}";

    private static async Task Add(ServerUnderTest server, params Customer[] customers)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        db.AddRange(customers);
        await db.SaveChangesAsync(Cancel);
    }
}
