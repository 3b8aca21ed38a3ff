using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sunsetter.Harness;
using Sunsetter.Journeys.Harness;

namespace Sunsetter.Journeys.Retiring;

/// <summary>Go/no-go, the appointed instant as an application lives through it, and one action that brings the module back.</summary>
internal sealed partial class Story
{
    private string ServerKey { get; set; } = "";
    private string WebKey { get; set; } = "";

    /// <summary>10:00 in Shanghai.</summary>
    private static readonly DateTimeOffset ClosesAt = new(2027, 6, 1, 2, 0, 0, TimeSpan.Zero);

    public async Task CloseAsync()
    {
        ServerKey = (await Root.DoAsync("/api/v1/gates/keys", new { name = "chat", kind = "server" }))!["key"]!.GetValue<string>();
        WebKey = (await Root.DoAsync("/api/v1/gates/keys", new { name = "chat page", kind = "browser" }))!["key"]!.GetValue<string>();
        await using var chat = await ChatAppProcess.StartAsync(server.Address, ServerKey, WebKey, Cancel);

        await BringToTheDayBeforeAsync();
        Assert.Equal("closing.same-eyes", await Lin.RefusedAsync($"{Api}/closing/confirm", new { module = "rooms-legacy", note = "" }));
        Assert.Equal("closing.module-key", await Chen.RefusedAsync($"{Api}/closing/confirm", new { module = "spaces", note = "" }));
        Assert.Equal("closing.not-ready", await Chen.RefusedAsync($"{Api}/closing/confirm", new { module = "rooms-legacy", note = "" }));
        await SeesAsync($"/retirements/{Retirement}/close", "No acknowledgement and no exhausted escalation: Huaxin Bank", "No restore drill was passed");
        await AnswerTheQuestionsAsync();
        var blocking = (await Lin.ReadAsync($"{Api}/closing/checks")).AsArray().Where(check => check!["standing"]!.GetValue<string>() == "blocks").Select(check => check!["evidence"]!["en"]!.GetValue<string>());
        Assert.Equal([], blocking);
        await Chen.DoAsync($"{Api}/closing/confirm", new { module = "rooms-legacy", note = "All green." });

        await LiveThroughTheInstantAsync(chat);
    }

    private async Task BringToTheDayBeforeAsync()
    {
        server.Clock.Advance(ClosesAt.AddDays(-1) - server.Clock.GetUtcNow());
        await Omar.ImportAsync("usage", "last.csv", LaterUse(server.Clock.GetUtcNow(), days: 89));
        await TickUntilQuietAsync();
    }

    /// <summary>Each blocking line is answered by whoever can: a visit, a restored backup, an archive read again, a drill that the chat obeyed.</summary>
    private async Task AnswerTheQuestionsAsync()
    {
        await Mei.DoAsync($"{Api}/entries/huaxin/conversations", new { kind = "visit", on = Today.ToString("O"), with = "Wang", outcome = "Agreed; the tellers were trained.", told = true, acknowledged = true });
        await Omar.DoAsync($"{Api}/backup/verified", new { evidence = "Restored to a spare machine on Monday." });
        await Omar.DoAsync($"{Api}/archive", new { });
        await Omar.DoAsync($"{Api}/archive/verify", new { });
        // The test's clock has leapt over months in which the chat, on its own clock, said nothing: what it had said is forgotten until its next sign of life, a minute at most.
        await Loopback.UntilAsync("the chat to be heard of again", async _ => (int)(await Chen.ReadAsync("/api/v1/gates/proof"))["obeying"]! > 0, Cancel, seconds: 120);
        await Chen.DoAsync("/api/v1/gates/drills", new { });
        await Chen.DoAsync("/api/v1/gates/drills/open", new { });
        await Loopback.UntilAsync("the chat to obey the drill", async _ => (bool)(await Chen.ReadAsync("/api/v1/gates/drills"))[0]!["passed"]!, Cancel);
        await TickUntilQuietAsync();
    }

    private async Task LiveThroughTheInstantAsync(ChatAppProcess chat)
    {
        Assert.Equal(("warned", "warned"), (await GateAsync("huaxin"), await GateAsync("acme")));
        await InTheChatAsync(chat, "huaxin", page => Assertions.Expect(page.Locator("#banner")).ToBeVisibleAsync());

        server.Clock.Advance(ClosesAt.AddMilliseconds(-1) - server.Clock.GetUtcNow());
        Assert.Equal("warned", await GateAsync("huaxin"));
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        // Nothing has run yet: the instant itself closes, and Acme has its extension.
        Assert.Equal(("closed", "warned"), (await GateAsync("huaxin"), await GateAsync("acme")));
        await TickUntilQuietAsync();
        await InTheChatAsync(chat, "huaxin", page => Assertions.Expect(page.Locator("#refusal")).ToBeVisibleAsync());

        await Chen.DoAsync($"{Api}/entries/huaxin/restore", new { reason = "The night shift was not told.", until = server.Clock.GetUtcNow().AddHours(4) });
        await Loopback.UntilAsync("the gate to open", async _ => await GateAsync("huaxin") != "closed", Cancel);
        Assert.Equal("closed", await GateAsync("lumen"));
        await InTheChatAsync(chat, "huaxin", page => Assertions.Expect(page.Locator("#refusal")).ToBeHiddenAsync());
        await Chen.DoAsync($"{Api}/entries/huaxin/restore/end", new { reason = "The night shift has moved." });
        await Loopback.UntilAsync("the gate to close", async _ => await GateAsync("huaxin") == "closed", Cancel);
    }

    /// <summary>What an application is told about the old rooms, now.</summary>
    private async Task<string> GateAsync(string customer)
    {
        using var client = server.WithToken(ServerKey);
        var response = await client.PostAsync("/ofrep/v1/evaluate/flags/rooms-legacy",
            new StringContent(new JsonObject { ["context"] = new JsonObject { ["targetingKey"] = "u-1", ["customer"] = customer } }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["variant"]!.GetValue<string>();
    }

    /// <summary>Somebody of this customer opens the old rooms in the chat.</summary>
    private async Task InTheChatAsync(ChatAppProcess chat, string customer, Func<IPage, Task> look)
    {
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = chat.Address, Locale = "en-GB" });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.FillAsync("input[name=customer]", customer);
        await page.FillAsync("input[name=user]", $"{customer}-1");
        await page.ClickAsync("#sign-in-form button");
        await page.ClickAsync("button[data-module=rooms-legacy]");
        await look(page);
    }
}
