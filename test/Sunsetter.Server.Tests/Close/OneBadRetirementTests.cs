using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Close;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class OneBadRetirementTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_retirement_whose_state_is_damaged_does_not_hold_up_the_closing_of_the_others(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        RetirementId[] two = [await Gone(server), await Gone(server)];
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
            await db.Database.ExecuteSqlAsync($"update entry set state = '{{' where retirement = {two[0].ToString()}", Cancel);

        await Assert.ThrowsAnyAsync<Exception>(() => server.Get<IEnumerable<IDueStep>>().OfType<ClosingStep>().Single().Run(Told.ClosesOn.ToDateTime(TimeOnly.MaxValue, DateTimeKind.Utc), Cancel));

        Assert.NotNull((await server.Get<FactLog>().Entries(two[1], Cancel)).Single().ClosedAt);
    }

    [Theory, EachDatabase]
    public async Task A_retirement_that_cannot_be_read_stands_still_by_itself_and_is_named_on_Today(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        RetirementId[] two = [await Gone(server), await Gone(server)];
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
            await db.Database.ExecuteSqlAsync($"update retirement set state = '{{' where id = {two[0].ToString()}", Cancel);
        server.Clock.SetUtcNow(Told.ClosesOn.ToDateTime(TimeOnly.MaxValue, DateTimeKind.Utc));

        var failed = new List<string>();
        foreach (var step in server.Get<IEnumerable<IDueStep>>())
            if (await Record.ExceptionAsync(() => step.Run(server.Clock.GetUtcNow(), Cancel)) is not null)
                failed.Add(step.Name);

        // The closing itself asks for each retirement by its id, and says so of the one.
        Assert.Equal(["close"], failed);
        Assert.NotNull((await server.Get<FactLog>().Entries(two[1], Cancel)).Single().ClosedAt);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);
        Assert.Contains("The retirement of rooms-legacy cannot be read", (await root.Open("/")).Text);

        // Its module is on its way out all the same: it is neither proposed again nor does it take another's place.
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.AddRange(new Server.Catalogue.Module { Key = new("rooms-legacy") }, new Server.Catalogue.Module { Key = new("wall") });
            await db.Database.ExecuteSqlAsync($"update retirement set module = 'other', state = replace(state, 'rooms-legacy', 'other') where id = {two[1].ToString()}", Cancel);
            await db.SaveChangesAsync(Cancel);
        }
        var lin = await server.As("lin@vendor.test", Role.Product);
        Assert.Equal("module.unreadable", await Proposed("rooms-legacy", null));
        Assert.Equal("replacement.retiring", await Proposed("wall", "rooms-legacy"));

        async Task<string?> Proposed(string module, string? replacement) =>
            (await (await lin.PostAsJsonAsync("/api/v1/retirements", new { module, replacement, reasons = new[] { new { kind = "technical-renewal", explanation = new { en = "Old.", zh = "旧。" } } } }, Cancel))
                .Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString();
    }

    [Fact]
    public async Task Whoever_comes_after_a_failure_has_their_turn_and_the_failure_is_told()
    {
        var done = new List<int>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Attempts.Each([1, 2, 3], number =>
        {
            if (number == 2)
                throw new InvalidOperationException();
            done.Add(number);
            return Task.CompletedTask;
        }));

        Assert.Equal([1, 3], done);
    }

    private static async Task<RetirementId> Gone(ServerUnderTest server)
    {
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted(), new ClosingConfirmed("go"))
            .And(Decision.Of(new CustomerKey("huaxin"), new EntryOpened(Text.Same("Huaxin Bank"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"))), Cancel);
        return id;
    }
}
