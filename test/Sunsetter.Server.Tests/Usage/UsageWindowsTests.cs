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
        var day = 0;
        foreach (var step in steps)
        {
            await server.Import($"time,module,customer,user\n{first.AddDays(step.use):yyyy-MM-dd}T08:00:00Z,rooms,c{step.customer},u{day++ % 7}\n");
            var rooms = (await server.Get<UsageKeys>().Find(OldRooms, Cancel))!.Value;
            using var anew = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWindows>(server.App.Services);
            var (from, until) = (first.DayNumber + step.from, first.DayNumber + step.from + step.more);
            Assert.Equal(Told(await anew.Of(rooms, from, until, Cancel)), Told(await server.Get<UsageWindows>().Of(rooms, from, until, Cancel)));
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

    [Fact]
    public async Task What_is_kept_is_bounded_by_its_size()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(0, 5).SelectMany(module => Enumerable.Range(0, 10).Select(customer => $"{Today:yyyy-MM-dd}T08:00:00Z,m{module},c{customer},ann\n"))));
        using var windows = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWindows>(server.App.Services, 3_000L);
        for (var module = 0; module < 5; module++)
        {
            await windows.Of((await server.Get<UsageKeys>().Find(new Sunsetter.Server.Retirements.ModuleKey($"m{module}"), Cancel))!.Value, Today.DayNumber - 99, Today.DayNumber, Cancel);
            Assert.Equal(1_000 * Math.Min(3, module + 1), windows.Cells);
        }
    }

    private static string Told(ModuleDays days) => string.Join('\n', days.Customers.OrderBy(customer => customer.Key).Select(customer =>
        $"{customer.Key}: " + string.Join(' ', customer.Value.Users.Select((users, at) => $"{users?.Count ?? 0}/{customer.Value.Calls[at]}/{customer.Value.Minutes[at]}"))));
}
