using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Decide;
using Sunsetter.Server.Tests.Usage;

namespace Sunsetter.Server.Tests.Observe;

/// <summary>A module that nobody uses goes the whole way, for all that there is nobody to tell.</summary>
public sealed class UnusedModuleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_module_that_nobody_uses_is_retired_from_the_approval_to_the_end(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        await fixture.GatherAll(id);
        await DecideFixture.Ok(fixture.Lin, $"/api/v1/retirements/{id}/entitled-tiers", new { tiers = Array.Empty<string>() });
        await DecideFixture.Ok(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { });
        await fixture.ApproveAll(id);
        await Do(fixture.Lin, "schedule", new { closesOn = "2026-12-15", at = "10:00:00", warnFrom = "2026-11-23", tellingOn = "2026-11-23", observationDays = 14 });
        using var root = await server.As("root@vendor.test", Enum.GetValues<Role>());
        await Do(root, "replacement/sign-off", new { evidence = "Load test passed" });

        Assert.Equal("migration.nobody", await DecideFixture.Refused(root, $"/api/v1/retirements/{id}/migration/start", new { }));
        // Last used more than a year and a month ago, by a source that has reported every day since.
        await server.Import($"time,module,customer,user\n2025-07-01T06:00:00Z,rooms-legacy,meiya,ann\n{Daily(UsageFixture.Today.AddDays(-40), UsageFixture.Today.AddDays(-1))}", source: "gateway");
        await Do(root, "migration/start", new { });
        await Do(root, "backup/verified", new { evidence = "Restored on the test system" });
        await Do(root, "archive", new { });
        await Do(root, "archive/verify", new { });
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            var now = server.Clock.GetUtcNow();
            db.Add(new GateDrillRow { Id = Guid.CreateVersion7(), StartedBy = "root@vendor.test", StartedAt = now, OpenedAt = now, FinishedAt = now, Instances = 1, SlowestMs = 9, Missing = 0 });
            await db.SaveChangesAsync(Cancel);
        }
        await Do(root, "closing/confirm", new { module = "rooms-legacy", note = "Nobody is left" });

        server.Clock.SetUtcNow(new DateTimeOffset(2026, 12, 15, 9, 0, 0, TimeSpan.Zero));
        await server.Tick();
        server.Clock.SetUtcNow(new DateTimeOffset(2026, 12, 30, 9, 0, 0, TimeSpan.Zero));
        await server.Import($"time,module,customer,user\n{Daily(UsageFixture.Today, new(2026, 12, 30))}", source: "gateway");
        await Do(root, "finish", new { learnt = "Ask earlier", thanks = "Thank you" });

        var over = (await server.Get<FactLog>().Find(RetirementId.Parse(id, null), Cancel))!;
        Assert.Equal((Stage.Finished, new DateOnly(2026, 12, 29)), (over.Stage, over.ObservationEndsOn));
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync($"/api/v1/retirements/{id}/observation", Cancel)).StatusCode);

        Task Do(HttpClient client, string path, object body) => DecideFixture.Ok(client, $"/api/v1/retirements/{id}/{path}", body);
        static string Daily(DateOnly from, DateOnly until) =>
            string.Concat(Enumerable.Range(0, until.DayNumber - from.DayNumber + 1).Select(day => $"{from.AddDays(day):yyyy-MM-dd}T06:00:00Z,spaces,meiya,ann\n"));
    }
}
