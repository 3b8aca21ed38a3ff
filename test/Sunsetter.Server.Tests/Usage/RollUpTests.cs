using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class RollUpTests
{
    private const int Kept = 900;

    [Theory, EachDatabase]
    public async Task Weeks_and_months_answer_the_same_before_and_after_days_are_added_up(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Use());
        var before = await Histories(server);

        await RollUp(server, new UsageSettings { DaysKept = Kept });

        Assert.Equal(before, await Histories(server));
        Assert.Equal(Today.AddDays(1 - Kept), DateOnly.FromDayNumber(await Number(server, "select min(day) as value from usage_day")));
    }

    [Theory, EachDatabase]
    public async Task A_late_report_of_a_day_that_was_added_up_counts_once(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Use());
        await RollUp(server, new UsageSettings { DaysKept = Kept });
        var without = await Calls(server);
        await server.Import("time,module,customer,user\n" + Line(Today.AddDays(-Kept - 10), "late"));
        var before = await Histories(server);

        await RollUp(server, new UsageSettings { DaysKept = Kept });

        Assert.Equal(before, await Histories(server));
        Assert.Equal(without + 1, await Calls(server));
    }

    [Theory, EachDatabase]
    public async Task Single_days_that_are_gone_are_refused_and_the_last_that_is_kept_is_answered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Use());
        await RollUp(server, new UsageSettings { DaysKept = Kept });
        using var client = await server.As("lin@vendor.test", Role.Product);
        string Question(DateOnly first) => $"/api/v1/modules/rooms/usage?days=56&until={first.AddDays(55).ToString("O", CultureInfo.InvariantCulture)}";

        var gone = await client.GetAsync(Question(Today.AddDays(-Kept)), Cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, gone.StatusCode);
        Assert.Contains("usage.days-rolled-up", await gone.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Question(Today.AddDays(1 - Kept)), Cancel)).StatusCode);

        // However a request names its days, the question looks at those it needs.
        var (iso, slashed) = (Today.AddDays(10 - Kept).ToString("O", CultureInfo.InvariantCulture), Today.AddDays(10 - Kept).ToString("yyyy/MM/dd", CultureInfo.InvariantCulture));
        foreach (var question in new[]
        {
            $"modules/rooms/usage?days=1&until={iso}", $"modules/rooms/usage?until={slashed}", $"modules/rooms/usage/customers?days=1&until={iso}", $"modules/rooms/usage/standings?replacement=spaces&days=1&until={iso}",
            $"modules/rooms/usage/retention?weeks=1&days=1&until={iso}", $"modules/rooms/usage/dependents?days=1&until={iso}", $"usage/modules?until={iso}", $"customers/huaxin/usage?until={iso}",
        })
            Assert.True((await client.GetAsync($"/api/v1/{question}", Cancel)).StatusCode == HttpStatusCode.UnprocessableEntity, question);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/modules/rooms/usage/neighbours?days=1&until={iso}", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Weeks_that_are_gone_are_refused_and_their_months_still_answer(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Use());
        var usage = server.Get<UsageQuestions>();
        var months = Words((await usage.History(OldRooms, UsagePeriod.Month, Today.AddDays(-2_000), Today, Cancel)).Value);

        await RollUp(server, new UsageSettings { DaysKept = Kept, WeeksKept = 130 });

        Assert.Equal("usage.weeks-rolled-up", (await usage.History(OldRooms, UsagePeriod.Week, Today.AddDays(-2_000), Today, Cancel)).Refusal?.Code);
        Assert.NotEmpty((await usage.History(OldRooms, UsagePeriod.Week, Today.AddDays(-7 * 130), Today, Cancel)).Value);
        Assert.Equal(months, Words((await usage.History(OldRooms, UsagePeriod.Month, Today.AddDays(-2_000), Today, Cancel)).Value));
    }

    [Theory, EachDatabase]
    public async Task What_is_under_a_legal_hold_stays_as_it_is(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var old = Today.AddDays(-Kept - 300);
        await server.Import("time,module,customer,user\n" + Line(old, "ann") + Line(old, "ann", "delta"));
        await RollUp(server, new UsageSettings { DaysKept = Kept });
        await server.Import("time,module,customer,user\n" + Line(old.AddDays(1), "ann") + Line(old.AddDays(1), "ann", "delta"));
        await server.Get<Server.Retirements.FactLog>().Begin(Server.Retirements.RetirementId.New(), "lin@vendor.test", _ => Server.Retirements.Decision.Of(Retirements.Told.Proposal, new Server.Retirements.LegalHoldPlaced(Guid.CreateVersion7(), Huaxin, "Case 17")), Cancel);

        await RollUp(server, new UsageSettings { DaysKept = Kept, WeeksKept = 130 });

        string Stored(string table) => $"select count(*) as \"Value\" from {table} t join usage_customer c on c.id = t.customer_id where c.key = ";
        Assert.Equal((1, 0), (await Number(server, Stored("usage_day") + "'huaxin'"), await Number(server, Stored("usage_day") + "'delta'")));
        Assert.Equal((1, 0), (await Number(server, Stored("usage_period") + "'huaxin' and kind = 'week'"), await Number(server, Stored("usage_period") + "'delta' and kind = 'week'")));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(900, 0, true)]
    [InlineData(899, 0, false)]
    [InlineData(910, 130, true)]
    [InlineData(911, 130, false)]
    [InlineData(0, 130, false)]
    public void Days_are_kept_as_long_as_questions_look_back_and_weeks_no_shorter(int days, int weeks, bool allowed) =>
        Assert.Equal(allowed, new UsageSettings { DaysKept = days, WeeksKept = weeks }.Problem() is null);

    private static string Use()
    {
        var chance = new Random(7);
        var lines = Enumerable.Range(0, 400).Select(_ => Line(Today.AddDays(-chance.Next(Kept - 100, Kept + 150)), $"u{chance.Next(30)}", chance.Next(2) == 0 ? "huaxin" : "delta", chance.Next(4) == 0 ? "spaces" : "rooms"));
        return "time,module,customer,user\n" + string.Concat(lines.Append(Line(Today.AddDays(1 - Kept), "edge")).Append(Line(Today.AddDays(-Kept), "edge")));
    }

    private static string Line(DateOnly day, string user, string customer = "huaxin", string module = "rooms") =>
        FormattableString.Invariant($"{day:yyyy-MM-dd}T09:00:00Z,{module},{customer},{user}\n");

    private static async Task RollUp(ServerUnderTest server, UsageSettings settings)
    {
        await server.Get<Settings>().Set(settings, "test", Cancel);
        var step = server.Get<IEnumerable<IDueStep>>().OfType<RollUp>().Single();
        for (var turn = 0; turn < 6; turn++)
            await step.Run(ServerUnderTest.Start, Cancel);
    }

    private static async Task<string> Histories(ServerUnderTest server)
    {
        var usage = server.Get<UsageQuestions>();
        return Words((await usage.History(OldRooms, UsagePeriod.Week, Today.AddDays(-1_200), Today, Cancel)).Value) + "\n"
            + Words((await usage.History(OldRooms, UsagePeriod.Month, Today.AddDays(-1_200), Today, Cancel)).Value) + "\n"
            // The last year of this one is added up in part.
            + Words((await usage.History(OldRooms, UsagePeriod.Month, Today.AddDays(-1_200), Today.AddDays(60 - Kept), Cancel)).Value);
    }

    private static async Task<long> Calls(ServerUnderTest server) =>
        (await server.Get<UsageQuestions>().History(OldRooms, UsagePeriod.Month, Today.AddDays(-1_200), Today, Cancel)).Value.Sum(month => month.Calls);

    private static string Words(IEnumerable<PeriodActivity> periods) =>
        string.Join('\n', periods.Select(period => FormattableString.Invariant($"{period.Start:O} {period.Users} {period.Customers} {period.Calls}")));

    private static async Task<int> Number(ServerUnderTest server, string sql)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return (await db.Database.SqlQueryRaw<int>(sql).ToListAsync(Cancel)).Single();
    }
}
