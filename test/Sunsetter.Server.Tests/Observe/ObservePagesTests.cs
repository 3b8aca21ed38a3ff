using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Observe;

/// <summary>What the pages of a closed module say.</summary>
public sealed partial class ObservationTests
{
    [Theory, EachDatabase("observe"), EachDatabase("closing-report"), EachDatabase("evidence")]
    public async Task The_pages_answer(Database database, string page)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        await Send(lin, server.Clock.GetUtcNow(), refused: 5);
        await server.Tick(TimeSpan.FromMinutes(1));

        var answer = await lin.GetAsync($"/retirements/{id}/{page}", Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("orbit", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachDatabase]
    public async Task What_blocks_the_next_stage_is_asked_again_at_once_when_an_entry_changes(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, log, needs) = (await Closed(server), server.Get<FactLog>(), server.Get<Server.Console.KeptNeeds>());
        var retirement = (await log.Find(id, Cancel))!;
        var before = await needs.BlockersOf(retirement, server.Clock.GetUtcNow(), Cancel);

        await log.Change(id, Orbit, "customer:ada@orbit.test", (_, _) => Decision.Of(Orbit, new HelpRequested(Guid.CreateVersion7(), "Where are our rooms?", "Ada")), Cancel);

        var after = await needs.BlockersOf(retirement, server.Clock.GetUtcNow(), Cancel);
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Single(after.Except(before));
    }

    /// <summary>What is closed is told as closed: nobody is to move, to be told or to be waited for any more.</summary>
    [Theory]
    [EachDatabase("retirements/ID/migrate", "Had they moved?", "Will they be done in time?"), EachDatabase("retirements/ID/announce", "no notice goes out any more", "when their turn comes"), EachDatabase("retirements/ID/close", "Everybody is closed", "to confirm<"), EachDatabase("retirements/ID/evidence", "What still prevents the end: The window runs until", "What blocks the next stage")]
    [EachDatabase("", "Legacy rooms", "Something went wrong"), EachDatabase("customers/orbit", "Legacy rooms", "No retirement touches them")]
    public async Task After_the_closing_a_page_speaks_of_what_was(Database database, string page, string said, string unsaid)
    {
        await using var server = await ServerUnderTest.On(database);
        await using (var db = await server.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.AddRange(new Server.Catalogue.Module { Key = new("rooms-legacy"), NameEn = "Legacy rooms", NameZh = "旧版群聊室" }, new Server.Catalogue.Customer { Key = Orbit, NameEn = "Orbit Labs", NameZh = "轨道实验室" });
            await db.SaveChangesAsync(Cancel);
        }
        var id = await Closed(server);
        await server.Get<FactLog>().Change(id, "lin@vendor.test", _ => new NoticesReleased(), Cancel);
        var lin = await server.As("lin@vendor.test", Role.Administrator);

        var answer = await lin.GetAsync($"/{page.Replace("ID", $"{id}", StringComparison.Ordinal)}", Cancel);
        var html = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(said, html);
        Assert.DoesNotContain(unsaid, html);
    }
}
