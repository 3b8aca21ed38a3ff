using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;
using Sunsetter.Harness;
using Sunsetter.Journeys.Harness;
using Sunsetter.Journeys.Retiring;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Journeys.Screens;

/// <summary>
/// Walks the demo workspace by its own links and inspects every page. Pictures go to <c>artifacts/screens</c>.
/// Each database is looked at in one of two opposite ways; <c>SUNSETTER_SCREENS=all</c> looks at both in all eight (two languages, two themes, two widths).
/// </summary>
public sealed class ScreensTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Nothing in the demo is old enough to be deleted; the tests of retention open this page.
    private static readonly string[] NotInTheDemo = ["/retirements/{id}/certificates/{certificate:guid}"];

    private static IEnumerable<Look> Looks(Database database) =>
        Environment.GetEnvironmentVariable("SUNSETTER_SCREENS") == "all" ? Look.All : [Look.Opposites[database == Database.Sqlite ? 0 : 1]];

    [Theory, EachDatabase]
    public async Task Every_page_can_be_reached_by_links_and_shown_to_a_customer(Database database)
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var server = await ServerUnderTest.WithDemo(database);
        // What a server that has run for a minute knows: who stands where, who knocked, what each customer's earliest day is.
        await server.Tick();
        await using var chromium = await Chromium.StartAsync();
        var walk = new Walk(new PageRoutes(server.Get<EndpointDataSource>()));
        var pictures = Path.Combine(Repository.Root, "artifacts", "screens");

        var import = await ImportAsync(server);
        var faults = new List<string>();
        foreach (var look in Looks(database))
        {
            await using var outside = await chromium.Browser.NewContextAsync(look.Context(server.Address.ToString()));
            faults.AddRange(await walk.InspectPublicAsync(await outside.NewPageAsync(), look, pictures, [.. await FrontDoorsAsync(server)]));
            await using var inside = await chromium.Browser.NewContextAsync(look.Context(server.Address.ToString()));
            var page = await inside.NewPageAsync();
            await page.SignInAsync(server, FirstAdministrator.Email, Cancel);
            faults.AddRange(await walk.InspectAllAsync(page, look, pictures, "/", import));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(NotInTheDemo, walk.NeverSeen);
    }

    /// <summary>Where people come in who are not signed in, or were sent away; and a customer's own page.</summary>
    private static async Task<IEnumerable<string>> FrontDoorsAsync(ServerUnderTest server)
    {
        var people = server.Get<People>();
        var administrator = (await people.Find(FirstAdministrator.Email, Cancel))!;
        return ["/sign-in", await people.NewSignInPath(administrator.Id, Cancel), "/denied", "/missing", await PortalAsync(server)];
    }

    private static async Task<string> PortalAsync(ServerUnderTest server)
    {
        var log = server.Get<FactLog>();
        var moving = (await log.All(Cancel)).First(retirement => retirement.Stage == Stage.Migrate);
        var desk = await server.Get<NoticeDesks>().Open(moving, Cancel);
        var entry = (await log.Entries(moving.Id, Cancel)).First(entry => desk.Contacts[entry.Customer].Any(contact => contact.DeadSince is null));
        return new Uri(desk.PortalUrl(entry, desk.Contacts[entry.Customer].First(contact => contact.DeadSince is null).Email)).AbsolutePath;
    }

    /// <summary>Imports a file with a line that is rejected; returns the page of that import.</summary>
    private static async Task<string> ImportAsync(ServerUnderTest server)
    {
        var operations = new Colleague("operations@vendor.test", await server.As("operations@vendor.test", Role.Operations));
        await operations.ImportAsync("modules", "modules.csv", "key,name,class\nrooms-2,Rooms 2,core\nrooms-3,Rooms 3,no-such-class\n");
        return $"/import/{(await operations.ReadAsync("/api/v1/imports"))[0]!["id"]!.GetValue<Guid>()}";
    }
}
