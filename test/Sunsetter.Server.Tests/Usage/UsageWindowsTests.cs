using Sunsetter.Harness;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class UsageWindowsTests
{
    // Any order of stretches, writes in between: what is kept in memory answers as what is read anew.
    [Theory, EachDatabase]
    public async Task A_stretch_that_grew_at_its_ends_answers_as_one_read_whole(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var first = new DateOnly(2026, 1, 1);
        var random = new Random(20261122);
        var steps = Enumerable.Range(0, 60).Select(_ => (from: random.Next(200), more: random.Next(90), customer: random.Next(5), use: random.Next(200))).ToList();
        await server.Import($"time,module,customer,user\n{first:yyyy-MM-dd}T08:00:00Z,rooms,c0,u0\n{first:yyyy-MM-dd}T08:00:00Z,spaces,c0,u0\n");
        int[] both = [(await server.Get<UsageKeys>().Find(OldRooms, Cancel))!.Value, (await server.Get<UsageKeys>().Find(Spaces, Cancel))!.Value];
        var day = 0;
        foreach (var step in steps)
        {
            await server.Import($"time,module,customer,user\n{first.AddDays(step.use):yyyy-MM-dd}T08:00:00Z,{(day % 3 == 0 ? "spaces" : "rooms")},c{step.customer},u{day++ % 7}\n");
            using var anew = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWindows>(server.App.Services);
            var (from, until) = (first.DayNumber + step.from, first.DayNumber + step.from + step.more);
            // Read anew both come from one sweep; what is kept of one grows without the other.
            var whole = await anew.Of(both, from, until, Cancel);
            for (var at = 0; at < (day % 2 == 0 ? 2 : 1); at++)
                Assert.Equal(Told(whole[at]), Told(await server.Get<UsageWindows>().Of(both[at], from, until, Cancel)));
        }
    }

    [Theory, EachDatabase]
    public async Task A_dependent_is_judged_anew_when_its_use_changed(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var usage = server.Get<UsageQuestions>();
        var days = Enumerable.Range(0, 60).Select(ago => $"{Today.AddDays(-ago):yyyy-MM-dd}T08:00:00Z,rooms,huaxin,ann\n");
        await server.Import("time,module,customer,user\n" + string.Concat(days));
        var before = Assert.Single(await usage.HiddenDependents(OldRooms, Today, Cancel));
        Assert.Same(before, Assert.Single(await usage.HiddenDependents(OldRooms, Today, Cancel)));

        await server.Import($"time,module,customer,user\n{Today:yyyy-MM-dd}T08:00:00Z,rooms,huaxin,ben\n");
        var after = Assert.Single(await usage.HiddenDependents(OldRooms, Today, Cancel));
        Assert.Equal(before.Weeks[^1] + 1, after.Weeks[^1]);
    }

    [Theory, EachDatabase]
    public async Task What_is_kept_is_bounded_by_its_size(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(0, 5).SelectMany(module => Enumerable.Range(0, 10).Select(customer => $"{Today:yyyy-MM-dd}T08:00:00Z,m{module},c{customer},ann\n"))));
        using var windows = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWindows>(server.App.Services, 3_000L);
        for (var module = 0; module < 5; module++)
        {
            await windows.Of(await Number(module), Today.DayNumber - 99, Today.DayNumber, Cancel);
            Assert.Equal(1_000 * Math.Min(3, module + 1), windows.Cells);
        }
        // One that is read anew beside the one that was asked for longest ago.
        Assert.All(await windows.Of([await Number(0), await Number(2)], Today.DayNumber - 99, Today.DayNumber, Cancel), days => Assert.Equal(10, days.Customers.Count));
        Assert.Equal(3_000, windows.Cells);

        async Task<int> Number(int module) => (await server.Get<UsageKeys>().Find(new Sunsetter.Server.Retirements.ModuleKey($"m{module}"), Cancel))!.Value;
    }

    private static string Told(ModuleDays days) => string.Join('\n', days.Customers.OrderBy(customer => customer.Key).Select(customer =>
        $"{customer.Key}: " + string.Join(' ', customer.Value.Users.Select((users, at) => $"{users?.Count ?? 0}/{customer.Value.Calls[at]}/{customer.Value.Minutes[at]}"))));
}
