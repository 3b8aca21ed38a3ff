using System.Globalization;
using System.Text;
using Sunsetter.Harness;

namespace Sunsetter.Journeys.Retiring;

/// <summary>The lists come in: modules through the browser, the rest over the API; twice, and with a bad line.</summary>
internal sealed partial class Story
{
    private const string Modules = """
        key,name,name_zh,class,owner,replacements,capabilities,monthly_cost,currency
        rooms-legacy,Legacy rooms,旧版群聊,non-core,rooms@vendor.test,spaces,Join a room;Search history,42000,CNY
        spaces,Spaces,空间,core,spaces@vendor.test,,,30000,CNY
        """;

    private const string Customers = """
        key,name,name_zh,tier,class,account_manager,annual_value,currency,time_zone,locale
        huaxin,Huaxin Bank,华信银行,enterprise,key,mei@vendor.test,900000,CNY,Asia/Shanghai,zh-CN
        acme,Acme,Acme,standard,standard,mei@vendor.test,20000,EUR,Europe/Berlin,en
        lumen,Lumen,流明,standard,standard,mei@vendor.test,15000,CNY,Asia/Shanghai,zh-CN
        """;

    private const string Contacts = """
        customer,email,name,role,locale
        huaxin,gone.li@huaxin.test,李工,administrator,zh-CN
        huaxin,wang@huaxin.test,王工,technical,zh-CN
        acme,ada@acme.test,Ada,administrator,en
        lumen,liu@lumen.test,刘工,administrator,zh-CN
        nobody,x@nobody.test,X,administrator,en
        """;

    public async Task ImportAsync()
    {
        await Desk.GotoAsync("/import");
        await Desk.SelectOptionAsync("select[name=kind]", "Modules");
        await Desk.SetInputFilesAsync("input[type=file]", new Microsoft.Playwright.FilePayload { Name = "modules.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("\uFEFF" + Modules.ReplaceLineEndings("\r\n")) });
        await Desk.ClickAsync("main form[enctype] button.btn.main");
        await Desk.WaitForURLAsync("**/import/*");
        await UntilTheImportIsDoneAsync();

        var customers = await Mei.ImportAsync("customers", "customers.csv", Customers);
        Assert.Equal(3, (int)customers["added"]!);
        var again = await Mei.ImportAsync("customers", "customers.csv", Customers);
        Assert.Equal((0, 3), ((int)again["added"]!, (int)again["unchanged"]!));
        var contacts = await Mei.ImportAsync("contacts", "contacts.csv", Contacts);
        Assert.Equal((4, 1), ((int)contacts["added"]!, (int)contacts["rejected"]!));
        var rejects = await Mei.Client.GetStringAsync(contacts["rejects"]!.GetValue<string>(), Cancel);
        Assert.Contains("\n6,", rejects.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        await Omar.ImportAsync("usage", "usage.csv", Usage(server.Clock.GetUtcNow(), days: 90));

        var modules = await ReadAsync("/modules");
        Assert.Contains("Legacy rooms", modules, StringComparison.Ordinal);
        // Five people at Huaxin, three at Acme, two at Lumen: every day of the last 90.
        var module = await ReadAsync("/modules/rooms-legacy");
        Assert.Matches(@"\b10\b", module);
        Assert.Contains("Huaxin Bank", module, StringComparison.Ordinal);
    }

    private async Task UntilTheImportIsDoneAsync()
    {
        await Loopback.UntilAsync("the import", async _ =>
        {
            await Desk.ReloadAsync();
            return (await Desk.InnerTextAsync("main")).Contains("Done", StringComparison.OrdinalIgnoreCase);
        }, Cancel);
    }

    /// <summary>Everybody uses the old rooms every day, at noon UTC.</summary>
    private static string Usage(DateTimeOffset now, int days)
    {
        var file = new StringBuilder("time,module,customer,user\n");
        for (var day = days; day >= 1; day--)
            foreach (var (customer, users) in (IEnumerable<(string, int)>)[("huaxin", 5), ("acme", 3), ("lumen", 2)])
                for (var user = 1; user <= users; user++)
                    file.Append(CultureInfo.InvariantCulture, $"{now.Date.AddDays(-day).AddHours(12):yyyy-MM-ddTHH:mm:ssZ},rooms-legacy,{customer},{customer}-{user}\n");
        return file.ToString();
    }
}
