using Microsoft.Playwright;
using Sunsetter.Harness;
using Sunsetter.Journeys.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Journeys.Retiring;

/// <summary>
/// One retirement from import to evidence: the vendor's people, the server on a clock that moves only when told to, a real mail server and a real
/// browser. Its chapters are told in order; each leaves the next what it needs.
/// </summary>
internal sealed partial class Story : IAsyncDisposable
{
    private readonly ServerUnderTest server;
    private readonly PostfixServer postfix;
    private readonly Chromium chromium;

    private Story(ServerUnderTest server, PostfixServer postfix, Chromium chromium, IPage desk) =>
        (this.server, this.postfix, this.chromium, Desk) = (server, postfix, chromium, desk);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The product manager's browser, in English.</summary>
    private IPage Desk { get; }

    private Colleague Lin { get; set; } = null!;
    private Colleague Chen { get; set; } = null!;
    private Colleague Qi { get; set; } = null!;
    private Colleague Omar { get; set; } = null!;
    private Colleague Sun { get; set; } = null!;
    private Colleague Mei { get; set; } = null!;
    private Colleague Carla { get; set; } = null!;
    private Colleague Root { get; set; } = null!;

    /// <summary>Known from the second chapter on.</summary>
    private string Retirement { get; set; } = "";

    private string Api => $"/api/v1/retirements/{Retirement}";

    private DateOnly Today => DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime.AddHours(8));

    public static async Task<Story> BeginAsync(Database database)
    {
        var postfix = await PostfixServer.StartAsync(Cancel);
        var server = await ServerUnderTest.On(database, null, "--Mail:Host=127.0.0.1", $"--Mail:Port={postfix.Port}", "--Mail:Security=none", "--Mail:From=Operations <ops@vendor.test>");
        await server.Get<Settings>().Set(new Workspace
        {
            Vendor = new Text("Vendor", "厂商"), PublicUrl = server.Address.ToString().TrimEnd('/'), SupportEmail = "support@vendor.test",
        }, "root@vendor.test", Cancel);
        var chromium = await Chromium.StartAsync();
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString(), Locale = "en-GB" });
        var story = new Story(server, postfix, chromium, await context.NewPageAsync())
        {
            Lin = await ColleagueAsync("lin", Role.Product),
            Chen = await ColleagueAsync("chen", Role.Engineering),
            Qi = await ColleagueAsync("qi", Role.Qa),
            Omar = await ColleagueAsync("omar", Role.Operations),
            Sun = await ColleagueAsync("sun", Role.Support),
            Mei = await ColleagueAsync("mei", Role.Success),
            Carla = await ColleagueAsync("carla", Role.Compliance),
            Root = await ColleagueAsync("root", Role.Administrator),
        };
        await story.Desk.SignInAsync(server, story.Lin.Email, Cancel);
        return story;

        async Task<Colleague> ColleagueAsync(string name, Role role) => new($"{name}@vendor.test", await server.As($"{name}@vendor.test", role));
    }

    /// <summary>What a person reads on a page.</summary>
    private async Task<string> ReadAsync(IPage page, string path)
    {
        var response = await page.GotoAsync(path);
        Assert.True(response!.Ok, $"{path} answered {response.Status}");
        return await page.InnerTextAsync("main");
    }

    private Task<string> ReadAsync(string path) => ReadAsync(Desk, path);

    /// <summary>Expects each of the words, in any case and with anything between lines, on the product manager's page; says what was there instead.</summary>
    private async Task SeesAsync(string path, params string[] patterns)
    {
        var text = await ReadAsync(path);
        foreach (var pattern in patterns)
            Assert.True(System.Text.RegularExpressions.Regex.IsMatch(text, $"(?si){pattern}"), $"{path} does not show {pattern}. It shows:\n{text}");
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        await server.DisposeAsync();
        await postfix.DisposeAsync();
    }
}
