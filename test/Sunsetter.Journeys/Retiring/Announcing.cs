using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Sunsetter.Journeys.Retiring;

/// <summary>Support gets ready, notices leave, one contact has left the company, and customers answer from their own page.</summary>
internal sealed partial class Story
{
    /// <summary>The page of each customer's contact, as linked in the mail they got.</summary>
    private Dictionary<string, string> Portal { get; } = [];

    public async Task AnnounceAsync()
    {
        await server.Tick();
        var duties = (await Lin.ReadAsync($"{Api}/duties")).AsArray();
        Assert.Contains(duties, duty => duty!["duty"]!["id"]!.GetValue<string>() == "support.talk-tracks");
        await Lin.DoAsync($"{Api}/duties/engineering.gates/assign", new { person = Chen.Email });
        Assert.Equal("duty.not-yours", await Omar.RefusedAsync($"{Api}/duties/engineering.gates/acknowledge", new { }));
        await Chen.DoAsync($"{Api}/duties/engineering.gates/acknowledge", new { });

        Assert.Contains("support", await Lin.RefusedAsync($"{Api}/notices/release", new { }), StringComparison.Ordinal);
        await Sun.DoAsync($"{Api}/talk-tracks", new { en = "Legacy rooms close on 2027-06-01. Spaces takes their place.", zh = "旧版群聊将于 2027-06-01 停止服务，由空间替代。" }, HttpMethod.Put);
        await Sun.DoAsync($"{Api}/talk-tracks/confirm", new { });
        await Lin.DoAsync($"{Api}/notices/release", new { });
        await Lin.DoAsync($"{Api}/announcement/publish", new { });

        await TickToTheDayOfTellingAsync();
        await ReadTheMailAsync();
        await AnswerFromThePortalAsync();
    }

    private async Task TickToTheDayOfTellingAsync()
    {
        Assert.Empty(await postfix.DeliveredAsync(Cancel));
        server.Clock.Advance(TimeSpan.FromDays(1));
        await TickUntilQuietAsync();
    }

    /// <summary>Due work that makes more due work: a notice, its delivery, the next contact after a refusal.</summary>
    private async Task TickUntilQuietAsync()
    {
        for (var round = 0; round < 6; round++)
            await server.Tick(TimeSpan.FromSeconds(61));
    }

    private async Task ReadTheMailAsync()
    {
        var ada = (await postfix.WaitForMailAsync("ada@acme.test", Cancel))[0];
        Assert.Contains("Legacy rooms", ada.Subject, StringComparison.Ordinal);
        foreach (var part in (string[])[ada.TextBody!, ada.HtmlBody!])
        {
            Assert.Contains("cannot be kept secure any longer", part, StringComparison.Ordinal);
            Assert.Contains("Spaces", part, StringComparison.Ordinal);
            Assert.Contains("mei@vendor.test", part, StringComparison.Ordinal);
        }
        var liu = (await postfix.WaitForMailAsync("liu@lumen.test", Cancel))[0];
        Assert.Contains("旧版群聊", liu.Subject, StringComparison.Ordinal);
        // Li has left Huaxin: the mail server said so for good, and the next contact was written to.
        var wang = (await postfix.WaitForMailAsync("wang@huaxin.test", Cancel))[0];
        foreach (var (customer, mail) in (IEnumerable<(string, MimeKit.MimeMessage)>)[("acme", ada), ("lumen", liu), ("huaxin", wang)])
            Portal[customer] = Regex.Match(mail.TextBody!, @"https?://\S+(/c/[\w-]+)").Groups[1].Value;

        await SeesAsync($"/retirements/{Retirement}/announce?customer=huaxin", @"gone\.li@huaxin\.test[^\n]*gone");
    }

    /// <summary>Acme and Lumen know and say so; Huaxin only reads: a key customer whom somebody has to call.</summary>
    private async Task AnswerFromThePortalAsync()
    {
        await VisitAsync("acme", "en-GB", async page =>
        {
            var seen = await page.InnerTextAsync("main");
            Assert.Contains("Legacy rooms", seen, StringComparison.Ordinal);
            Assert.Contains("1 Jun 2027", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("Huaxin", await page.ContentAsync(), StringComparison.Ordinal);
            await page.GetByRole(AriaRole.Button, new() { Name = "We know, and will act" }).ClickAsync();
            await Assertions.Expect(page.GetByText("You acknowledged this on")).ToBeVisibleAsync();
        });
        await VisitAsync("lumen", "zh-CN", async page =>
        {
            Assert.Contains("旧版群聊", await page.InnerTextAsync("main"), StringComparison.Ordinal);
            await page.GetByRole(AriaRole.Button, new() { Name = "我已知悉并会安排" }).ClickAsync();
            await Assertions.Expect(page.GetByText("确认知悉")).ToBeVisibleAsync();
        });
        await VisitAsync("huaxin", "zh-CN", _ => Task.CompletedTask);
        using var stranger = new HttpClient { BaseAddress = server.Address };
        using var forged = await stranger.GetAsync(Portal["acme"][..^3] + "abc", Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.DoesNotContain("Legacy rooms", await forged.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        await SeesAsync($"/retirements/{Retirement}/announce?all=true", "Huaxin Bank.*read .*ask for the acknowledgement", "Acme[^\\n]*\\n.*acknowledged");
    }

    // A browser that calls itself headless is taken for a program that looks at links, and its visit is not a reading.
    private const string PersonsBrowser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    /// <summary>Opens the page that a customer's contact was sent, in a browser of theirs.</summary>
    private async Task VisitAsync(string customer, string locale, Func<IPage, Task> act)
    {
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString(), Locale = locale, UserAgent = PersonsBrowser });
        var page = await context.NewPageAsync();
        await page.GotoAsync(Portal[customer]);
        await act(page);
    }

    /// <summary>What the account manager writes down after a call, in the form on the page.</summary>
    private async Task LogTheCallAsync()
    {
        await Desk.GotoAsync($"/retirements/{Retirement}/announce?customer=huaxin");
        await Desk.FillAsync("input[name=with]", "Wang");
        await Desk.FillAsync("textarea[name=outcome]", "Called; they will tell their branches.");
        await Desk.GetByRole(AriaRole.Button, new() { Name = "Log it" }).ClickAsync();
        await Assertions.Expect(Desk.GetByText("Called; they will tell their branches.")).ToBeVisibleAsync();
    }
}
