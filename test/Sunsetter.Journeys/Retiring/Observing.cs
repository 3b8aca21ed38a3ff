using System.Globalization;

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
        var page = await ReadAsync($"/retirements/{Retirement}/observe");
        Assert.Contains("Huaxin Bank", page, StringComparison.Ordinal);

        server.Clock.Advance(TimeSpan.FromDays(15));
        await TickUntilQuietAsync();
        Assert.NotEmpty(await Lin.RefusedAsync($"{Api}/finish", Lessons));
        await Lin.DoAsync($"{Api}/cases/huaxin/assign", new { owner = Mei.Email });
        await Mei.DoAsync($"{Api}/cases/huaxin/close", new { outcome = "A forgotten script; they have removed it." });
        await Lin.DoAsync($"{Api}/thanks", new { to = "The rooms team", words = new { en = "Nine years of nights.", zh = "九年的守夜。" }, goesTo = new { en = "Spaces", zh = "空间" } });
        await Lin.DoAsync($"{Api}/finish", Lessons);

        Assert.Equal("finished", (await Lin.ReadAsync(Api))["stage"]!.GetValue<string>());
        var report = await ReadAsync($"/retirements/{Retirement}/report");
        Assert.Contains("Nine years of nights.", report, StringComparison.Ordinal);
    }

    private static readonly object Lessons = new { lessons = new { en = "Ask the night shift first.", zh = "先问夜班。" } };

    private async Task KnockAsync(string customer, string user)
    {
        using var client = server.WithToken(ServerKey);
        using var response = await client.PostAsync("/edge/v1/usage", new StringContent(string.Create(CultureInfo.InvariantCulture,
            $$"""{"batch":"{{Guid.CreateVersion7()}}","events":[{"time":"{{server.Clock.GetUtcNow():O}}","module":"rooms-legacy","customer":"{{customer}}","user":"{{user}}","count":3,"refused":true}]}"""),
            System.Text.Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }
}
