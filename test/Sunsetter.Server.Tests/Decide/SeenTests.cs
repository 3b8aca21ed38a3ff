using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Usage;
using static Sunsetter.Server.Tests.Decide.DecideFixture;
using Evidence = Sunsetter.Server.Decide.Evidence;

namespace Sunsetter.Server.Tests.Decide;

public sealed class SeenTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task After_every_kind_of_change_pages_see_what_rules_ask(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(0, 100).Select(ago => Line(ago, "meiya", "ann") + Line(ago, "orbit", $"u{ago % 9}"))));
        var id = RetirementId.Parse((await fixture.Propose()).GetProperty("id").GetString()!, null);
        Assert.Equal("meiya Regular, orbit Regular", await Agree(server, id));

        await server.Get<Policies>().Change(new NoticePolicy { Little = new LittleUse { UsersAtMost = 9, PercentAtMost = 100 } }, "More counts as little.", "admin@vendor.test", Cancel);
        Assert.Equal("meiya Little, orbit Little", await Agree(server, id));

        await server.Import("time,module,customer,user\n" + Line(0, "orbit", "one-more"));
        Assert.Equal("meiya Little, orbit Regular", await Agree(server, id));

        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            var meiya = await db.Set<Customer>().SingleAsync(customer => customer.Tier == "free", Cancel);
            (meiya.ContractNoticeDays, meiya.AnnualValue) = (120, 5_000_000);
            (await db.Set<Module>().SingleAsync(module => module.NameEn == "Legacy rooms", Cancel)).Class = ModuleClass.EnterpriseCritical;
            await db.SaveChangesAsync(Cancel);
        }
        await Agree(server, id);

        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/entitled-tiers", new { tiers = new[] { "enterprise" } });
        Assert.Equal("huaxin None, meiya Little, orbit Regular", await Agree(server, id));
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/dependents", new { customer = "orbit", confirmed = true, reason = "They said so." });
        Assert.Equal("huaxin None, meiya Little, orbit Vital", await Agree(server, id));

        server.Clock.Advance(TimeSpan.FromDays(95));
        Assert.Equal("huaxin Unknown, meiya Unknown, orbit Vital", await Agree(server, id));
    }

    /// <summary>Compares what a page of the decision sees with what its rules are asked with; returns how much each affected customer uses.</summary>
    private static async Task<string> Agree(ServerUnderTest server, RetirementId id)
    {
        var evidence = server.Get<Evidence>();
        var retirement = (await server.Get<FactLog>().Find(id, Cancel))!;
        var seen = await evidence.See(Cancel);
        var (asked, shown) = (await evidence.Ground(retirement, Cancel), await evidence.Ground(retirement, seen, Cancel));
        Assert.Equal(asked.Affected, shown.Affected);
        Assert.Equal(asked.Flagged.Select(one => $"{one.Customer} {one.Name} {string.Join(' ', one.Why)}"), shown.Flagged.Select(one => $"{one.Customer} {one.Name} {string.Join(' ', one.Why)}"));
        Assert.Equal(DecisionGaps.Of(retirement, asked), DecisionGaps.Of(retirement, shown));
        IReadOnlyList<LedgerEntry> entries = [.. asked.Affected.Select(customer => new LedgerEntry(id, customer.Key))];
        var (byTruth, bySight) = ((await evidence.Scheduling(retirement, entries, Cancel)).Questions, (await evidence.Scheduling(retirement, entries, seen, Cancel)).Questions);
        Assert.Equal(byTruth.OrderBy(one => one.Key.Value), bySight.OrderBy(one => one.Key.Value));
        return string.Join(", ", bySight.OrderBy(one => one.Key.Value, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value.Use}"));
    }

    private static string Line(int ago, string customer, string user) =>
        FormattableString.Invariant($"{DateOnly.FromDateTime(ServerUnderTest.Start.UtcDateTime).AddDays(-ago):yyyy-MM-dd}T08:00:00Z,rooms-legacy,{customer},{user}\n");
}
