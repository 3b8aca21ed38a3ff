using Sunsetter.Journeys.Harness;

namespace Sunsetter.Journeys;

public sealed class SmokeTests
{
    [Fact]
    public async Task Browser_starts()
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.Browser.NewPageAsync();
        await page.SetContentAsync("<h1>hello</h1>");
        Assert.Equal("hello", await page.Locator("h1").TextContentAsync());
    }
}
