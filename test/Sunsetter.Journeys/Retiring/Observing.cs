using System.Globalization;
using Microsoft.Playwright;

namespace Sunsetter.Journeys.Retiring;

/// <summary>Who still knocks becomes a case; the window ends only when its rule is kept; then the report, with thanks.</summary>
internal sealed partial class Story
{
    public async Task ObserveAsync()
    {
        // Acme's extension ends a month later: only then is everybody closed and the observation begins.
        server.Clock.Advance(new DateTimeOffset(2027, 7, 2, 12, 0, 0, TimeSpan.Zero) - server.Clock.GetUtcNow());
        await TickUntilQuietAsync();
        Assert.Equal("closed", await GateAsync("acme"));
        Assert.Equal("observe", (await Lin.ReadAsync(Api))["stage"]!.GetValue<string>());

        await KnockAsync("huaxin", "huaxin-4");
        await TickUntilQuietAsync();
        await SeesAsync($"/retirements/{Retirement}/observe", "Huaxin Bank");

        server.Clock.Advance(TimeSpan.FromDays(11));
        // Who would report a refused call is heard every day: so silence means that nobody calls.
        for (var day = 0; day < 4; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            await ReportAsync("");
        }
        await Omar.ImportAsync("usage", "after.csv", AfterUse(server.Clock.GetUtcNow(), days: 45));
        await TickUntilQuietAsync();
        Assert.Equal("observe.cases", await Lin.RefusedAsync($"{Api}/finish", Ending));
        await Lin.DoAsync($"{Api}/cases/huaxin/assign", new { owner = Mei.Email });
        await Mei.DoAsync($"{Api}/cases/huaxin/close", new { ending = "moved-to-replacement", note = "A forgotten script; they have removed it." });
        await Lin.DoAsync($"{Api}/anomalies", new { what = "Twice as many errors in the log of the new rooms." });
        await SettleFindingsAsync();
        await Lin.DoAsync($"{Api}/thanks", new { person = "The rooms team", @for = "Nine years of nights.", goesTo = "Spaces" });
        await Lin.DoAsync($"{Api}/finish", Ending);

        Assert.Equal("finished", (await Lin.ReadAsync(Api))["stage"]!.GetValue<string>());
        await SeesAsync($"/retirements/{Retirement}/closing-report", "Nine years of nights\\.", "Ask the night shift first\\.", "Huaxin Bank");
    }

    /// <summary>What came to light after the closing is looked at by a person, on the page.</summary>
    private async Task SettleFindingsAsync()
    {
        Assert.Equal("observe.anomalies", await Lin.RefusedAsync($"{Api}/finish", Ending));
        await Desk.GotoAsync($"/retirements/{Retirement}/observe");
        var open = Desk.GetByLabel("How was it settled?");
        for (var left = await open.CountAsync(); left > 0; left--)
        {
            await open.First.FillAsync("Looked at: a client of last year, updated since.");
            await open.First.PressAsync("Enter");
            await Assertions.Expect(open).ToHaveCountAsync(left - 1);
        }
    }

    private static readonly object Ending = new { learnt = "Ask the night shift first.", thanks = "Thank you, rooms team, for nine years." };

    /// <summary>Everybody is on the new module; nobody uses the old one.</summary>
    private static string AfterUse(DateTimeOffset now, int days)
    {
        var file = new System.Text.StringBuilder("time,module,customer,user\n");
        for (var day = days; day >= 0; day--)
            foreach (var (customer, users) in (IEnumerable<(string, int)>)[("huaxin", 5), ("acme", 3), ("lumen", 2)])
                for (var user = 1; user <= users; user++)
                    file.Append(CultureInfo.InvariantCulture, $"{now.AddDays(-day).AddHours(-1):yyyy-MM-ddTHH:mm:ssZ},spaces,{customer},{customer}-{user}\n");
        return file.ToString();
    }

    private Task KnockAsync(string customer, string user) => ReportAsync(string.Create(CultureInfo.InvariantCulture,
        $$"""{"time":"{{server.Clock.GetUtcNow():O}}","module":"rooms-legacy","customer":"{{customer}}","user":"{{user}}","count":3,"refused":true}"""));

    private async Task ReportAsync(string events)
    {
        using var client = server.WithToken(ServerKey);
        using var response = await client.PostAsync("/edge/v1/usage", new StringContent($$"""{"batch":"{{Guid.CreateVersion7()}}","events":[{{events}}]}""", System.Text.Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }
}
