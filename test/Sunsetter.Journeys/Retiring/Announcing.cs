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

        var page = await ReadAsync($"/retirements/{Retirement}/announce?all=true");
        Assert.Contains("gone.li@huaxin.test", page, StringComparison.Ordinal);
    }

    private async Task AnswerFromThePortalAsync()
    {
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString(), Locale = "en-GB" });
        var page = await context.NewPageAsync();
        var seen = await ReadAsync(page, Portal["acme"]);
        Assert.Contains("Legacy rooms", seen, StringComparison.Ordinal);
        Assert.Contains("1 June 2027", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Huaxin", await page.ContentAsync(), StringComparison.Ordinal);
    }
}
