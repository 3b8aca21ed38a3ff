using Sunsetter.Journeys.Harness;

namespace Sunsetter.Journeys.Screens;

/// <summary>The inspection itself: it must be able to find something, or its silence about our screens would mean nothing.</summary>
public sealed class InspectionTests
{
    [Fact]
    public async Task A_screen_with_planted_faults_is_reported_with_each_of_them()
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var chromium = await Chromium.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync(Look.Opposites[1].Context("http://localhost"));
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/*", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = """<html lang="en"><title>t</title><img src="data:,"><p style="width: 900px">wide</p><script>throw new Error("planted")</script></html>""",
        }));
        var pictures = Directory.CreateTempSubdirectory("sunsetter-screens-").FullName;

        var faults = await new ScreenInspector(page, Look.Opposites[1], pictures).InspectAsync("/", "planted");

        Assert.Contains(faults, fault => fault.Contains("script error: Error: planted", StringComparison.Ordinal) || fault.Contains("script error: planted", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("px wider than the window, because of p", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("image-alt", StringComparison.Ordinal));
        Assert.True(File.Exists($"{pictures}/{Look.Opposites[1].Name}/planted.png"));
        Directory.Delete(pictures, recursive: true);
    }
}
