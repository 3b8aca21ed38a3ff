using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Console;

public sealed class WorkZoneTests
{
    [Theory]
    [EachDatabase("Asia/Shanghai", "Monday, 23 Nov 2026"), EachDatabase("America/New_York", "Sunday, 22 Nov 2026")]
    public async Task A_page_tells_the_vendors_day_wherever_the_server_stands(Database database, string zone, string day)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new Workspace { Zone = zone }, "test", TestContext.Current.CancellationToken);
        server.Clock.Advance(TimeSpan.FromHours(9));
        var page = await (await Browser.SignIn(server, "lin@vendor.test", Role.Product)).Open("/");
        Assert.Contains(day, page.Document.Body!.TextContent, StringComparison.Ordinal);
    }
}
