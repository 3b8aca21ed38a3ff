using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Decide.DecideFixture;

namespace Sunsetter.Server.Tests.Decide;

public sealed class NewcomerAfterTheGoTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_customer_who_appears_after_the_go_keeps_the_time_that_the_policy_promises(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = RetirementId.Parse(await fixture.Approved(), null);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-06-08", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 });
        await server.Get<FactLog>().Change(id, "ops@vendor.test", _ => Decision.Of(new MigrationStarted(), new ClosingConfirmed("")), Cancel);
        server.Clock.SetUtcNow(new DateTimeOffset(2027, 6, 7, 2, 0, 0, TimeSpan.Zero));
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new Customer { Key = new("newcomer"), NameEn = "Newcomer", Tier = "enterprise" });
            await db.SaveChangesAsync(Cancel);
        }

        await server.Tick();
        var (newcomer, retirement) = ((await server.Get<FactLog>().FindEntry(id, new CustomerKey("newcomer"), Cancel))!, (await server.Get<FactLog>().Find(id, Cancel))!);
        Assert.True(newcomer.ClosesOn(retirement) >= newcomer.Earliest!.Day && newcomer.Earliest.Day > new DateOnly(2027, 7, 1), $"{newcomer.ClosesOn(retirement)} {newcomer.Earliest}");

        await server.Tick(TimeSpan.FromDays(2));

        Assert.Null((await server.Get<FactLog>().FindEntry(id, newcomer.Customer, Cancel))!.ClosedAt);
        Assert.NotNull((await server.Get<FactLog>().FindEntry(id, new CustomerKey("huaxin"), Cancel))!.ClosedAt);
    }
}
