using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Sunsetter.Journeys.Retiring;

/// <summary>QA signs the replacement off, customers move (or ask for help and time), and the ledger knows it from use.</summary>
internal sealed partial class Story
{
    public async Task MigrateAsync()
    {
        Assert.NotEmpty(await Omar.RefusedAsync($"{Api}/replacement/sign-off", new { evidence = "x" }));
        await Qi.DoAsync($"{Api}/replacement/sign-off", new { evidence = "Load test of 2026-11-20: 40,000 users, no error.", link = "https://qa.vendor.test/42" });
        Assert.Equal("migration.not-told", await Lin.RefusedAsync($"{Api}/migration/start", new { }));
        await LogTheCallAsync();
        await Lin.DoAsync($"{Api}/migration/start", new { });

        await HelpAsync();
        await MoreTimeAsync();
        await Mei.DoAsync($"{Api}/entries/huaxin/follow-up/assign", new { to = Mei.Email, nextOn = Today.AddDays(3).ToString("O"), nextStep = "Visit the branch in Pudong." });

        server.Clock.Advance(TimeSpan.FromDays(60));
        await Omar.ImportAsync("usage", "later.csv", LaterUse(server.Clock.GetUtcNow(), days: 59));
        await TickUntilQuietAsync();

        await SeesAsync($"/retirements/{Retirement}/migrate?show=all", @"Lumen\s*\n[^\n]*\n[^\n]*moved");
        await SeesAsync($"/retirements/{Retirement}/ledger/lumen", "Moved");
    }

    /// <summary>Huaxin asks from its own page; support takes the question and answers it where it was asked.</summary>
    private async Task HelpAsync()
    {
        await VisitAsync("huaxin", "en-GB", async page =>
        {
            await page.GetByText("We need help").ClickAsync();
            await page.FillAsync("textarea[name=question]", "Does the history move with us?");
            await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        });
        var asked = (await Sun.ReadAsync($"{Api}/entries/huaxin"))["move"]!["help"]![0]!;
        var id = asked["id"]!.GetValue<string>();
        await Sun.DoAsync($"{Api}/entries/huaxin/help/{id}/take", new { owner = Sun.Email });
        await Sun.DoAsync($"{Api}/entries/huaxin/help/{id}/answer", new { answer = "Yes, all of it, overnight." });
        await VisitAsync("huaxin", "en-GB", async page =>
        {
            await page.GetByText("We need help").ClickAsync();
            await Assertions.Expect(page.GetByText("Yes, all of it, overnight.")).ToBeVisibleAsync();
        });
    }

    /// <summary>Acme asks for a month more and gets it; an extension that ends before the closing day is none.</summary>
    private async Task MoreTimeAsync()
    {
        await VisitAsync("acme", "en-GB", async page =>
        {
            await page.GetByText("We need more time").ClickAsync();
            await page.FillAsync("input[name=until]", Extended.ToString("O"));
            await page.FillAsync("textarea[name=reason]", "The works council meets in June.");
            await page.GetByRole(AriaRole.Button, new() { Name = "Ask for more time" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        });
        Assert.NotEmpty(await Mei.RefusedAsync($"{Api}/entries/acme/extension", new { until = Closes.AddDays(-1).ToString("O"), reason = "Not later than everybody." }));
        await Mei.DoAsync($"{Api}/entries/acme/extension", new { until = Extended.ToString("O"), reason = "Granted: the works council meets in June." });
    }

    /// <summary>A Thursday, a month after everybody else.</summary>
    private static readonly DateOnly Extended = new(2027, 7, 1);

    /// <summary>Lumen uses the new module only, Huaxin both, Acme the old one only.</summary>
    private static string LaterUse(DateTimeOffset now, int days)
    {
        var file = new StringBuilder("time,module,customer,user\n");
        for (var day = days; day >= 0; day--)
            foreach (var (module, customer, users) in (IEnumerable<(string, string, int)>)[("spaces", "lumen", 2), ("spaces", "huaxin", 3), ("rooms-legacy", "huaxin", 5), ("rooms-legacy", "acme", 3)])
                for (var user = 1; user <= users; user++)
                    file.Append(CultureInfo.InvariantCulture, $"{now.AddDays(-day).AddHours(-1):yyyy-MM-ddTHH:mm:ssZ},{module},{customer},{customer}-{user}\n");
        return file.ToString();
    }
}
