using Microsoft.Playwright;

namespace Sunsetter.Journeys.Screens;

/// <summary>Opens screens in one look, keeps a picture of each, and writes down what one would not show to a customer.</summary>
internal sealed class ScreenInspector
{
    private readonly IPage page;
    private readonly Look look;
    private readonly string pictures;
    private readonly List<string> scriptErrors = [];

    public ScreenInspector(IPage page, Look look, string pictures)
    {
        this.page = page;
        this.look = look;
        this.pictures = pictures;
        page.PageError += (_, error) => scriptErrors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                scriptErrors.Add(message.Text);
        };
    }

    /// <summary>What is wrong with the screen at <paramref name="path"/>, one sentence each; nothing when it is fit to be shown.</summary>
    public async Task<IReadOnlyList<string>> InspectAsync(string path, string name)
    {
        scriptErrors.Clear();
        var response = await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        Directory.CreateDirectory($"{pictures}/{look.Name}");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = $"{pictures}/{look.Name}/{name}.png", FullPage = true });

        var faults = new List<string>();
        if (response is not { Ok: true })
            faults.Add($"answered {response?.Status}");
        // A retirement's own address leads on to the stage it is in; any other way elsewhere is a fault.
        if (new Uri(page.Url).AbsolutePath is var landed && landed != path.Split('?')[0] && !landed.StartsWith($"{path.Split('?')[0].TrimEnd('/')}/", StringComparison.Ordinal))
            faults.Add($"led to {page.Url}");
        faults.AddRange(scriptErrors.Select(error => $"script error: {error}"));
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var beyond)
            faults.Add($"is {beyond} px wider than the window, because of {await page.EvaluateAsync<string>(Widest)}");
        faults.AddRange(await Accessibility.ViolationsAsync(page));
        return [.. faults.Select(fault => $"{look.Name} {path}: {fault}")];
    }

    private const string Widest = """
        () => [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .filter(e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
                           if (getComputedStyle(p).overflowX !== 'visible') return false; return true; })
          .map(e => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? '.' + e.className : ''))
          .slice(0, 4).join(', ')
        """;
}
