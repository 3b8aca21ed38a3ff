namespace Sunsetter.Journeys.Retiring;

/// <summary>Reasons, cost, comparison, voices, research and dependents; then four people approve, none of them the one who proposed.</summary>
internal sealed partial class Story
{
    private Colleague Pia { get; set; } = null!;

    public async Task DecideAsync()
    {
        Pia = new Colleague("pia@vendor.test", await server.As("pia@vendor.test", Sunsetter.Server.Platform.Role.Product));
        var proposal = new
        {
            module = "rooms-legacy", replacement = "spaces", title = new { en = "Legacy rooms close", zh = "旧版群聊退役" }, owner = Lin.Email,
            reasons = new[] { new { kind = "technical-renewal", explanation = new { en = "The old room server cannot be kept secure any longer.", zh = "旧版群聊服务器已无法继续保持安全。" } } },
        };
        Assert.Equal("replacement.same", await Lin.RefusedAsync("/api/v1/retirements", proposal with { replacement = "rooms-legacy" }));
        Retirement = (await Lin.DoAsync("/api/v1/retirements", proposal))!["id"]!.GetValue<string>();
        Assert.Equal("cost.missing", await Lin.RefusedAsync($"{Api}/submit", new { }));

        await Lin.DoAsync($"{Api}/cost", new { currency = "CNY", months = new[] { new { month = "2026-10-01", servers = 12000, people = 25000, bugFixing = 5000, revenue = 8000 } } });
        foreach (var capability in (string[])["Join a room", "Search history"])
            await Lin.DoAsync($"{Api}/comparisons", new { replacement = "spaces", capability, coverage = "covered", noticeablyWorse = false, note = "" });
        await Omar.DoAsync($"{Api}/voices", new { from = "operations", leaning = "for", words = "Two incidents a month, all of them ours to fix at night." });
        await Sun.DoAsync($"{Api}/voices", new { from = "support", leaning = "concerned", words = "Huaxin's tellers live in these rooms; tell them early." });
        await Mei.DoAsync($"{Api}/research", new { customer = "huaxin", on = Today.ToString("O"), with = "Wang", finding = "They can move in two months if the history moves with them." });
        foreach (var flagged in (await Lin.ReadAsync($"{Api}/decision"))["flagged"]!.AsArray())
            await Lin.DoAsync($"{Api}/dependents", new { customer = flagged!["customer"]!.GetValue<string>(), confirmed = true, reason = "They use it every day." });

        Assert.Equal("usage.unknown", await Lin.RefusedAsync($"{Api}/submit", new { }));
        await Lin.DoAsync($"{Api}/unknown-use", new { reason = "Counted for 90 days only; whoever comes once a year was asked." });

        var page = await ReadAsync($"/retirements/{Retirement}/decide");
        Assert.Contains("The old room server cannot be kept secure any longer.", page, StringComparison.Ordinal);
        Assert.Contains("Huaxin Bank", page, StringComparison.Ordinal);

        await Lin.DoAsync($"{Api}/submit", new { });
        Assert.Equal("decision.own", await Lin.RefusedAsync($"{Api}/approve", new { role = "product", note = "" }));
        var submittedAt = (await Lin.ReadAsync($"{Api}/decision"))["deciding"]!["submission"]!["at"]!.GetValue<string>();
        foreach (var (who, role) in (IEnumerable<(Colleague, string)>)[(Pia, "product"), (Chen, "engineering"), (Sun, "support"), (Carla, "compliance")])
            await who.DoAsync($"{Api}/approve", new { role, note = "Agreed.", submittedAt });
        Assert.Equal("announce", (await Lin.ReadAsync(Api))["stage"]!.GetValue<string>());

        await ScheduleAsync();
    }

    /// <summary>The first day that every customer may be closed on, asked for after days that are refused, each for its own reason.</summary>
    private async Task ScheduleAsync()
    {
        object On(DateOnly closes, string? unknownYear = null) => new
        {
            closesOn = closes.ToString("O"), at = "10:00:00", warnFrom = Today.AddDays(40).ToString("O"), tellingOn = Today.AddDays(1).ToString("O"), observationDays = 7, unknownYearReason = unknownYear,
        };
        const string reason = "The year's holidays are published in November; the day is checked again then.";
        Assert.Equal("schedule.past", await Lin.RefusedAsync($"{Api}/schedule", On(Today)));
        Assert.Equal("calendar.unknown-year", await Lin.RefusedAsync($"{Api}/schedule", On(Closes)));
        Assert.Equal("notice.too-short", await Lin.RefusedAsync($"{Api}/schedule", On(new DateOnly(2027, 1, 20), reason)));
        await Lin.DoAsync($"{Api}/schedule", On(Closes, reason));

        var dates = (await Lin.ReadAsync($"{Api}/dates")).AsArray();
        var huaxin = Assert.Single(dates, one => one!["customer"]!.GetValue<string>() == "huaxin")!;
        // Asked for by contract class, not by the floor: the rule that decided is named.
        Assert.True(DateOnly.Parse(huaxin["earliest"]!["day"]!.GetValue<string>()) > Today.AddDays(31));
        Assert.NotEmpty(huaxin["earliest"]!["rule"]!["zh"]!.GetValue<string>());
    }

    /// <summary>A Tuesday.</summary>
    private static readonly DateOnly Closes = new(2027, 6, 1);
}
