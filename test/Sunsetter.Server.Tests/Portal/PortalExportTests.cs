using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Close;
using Sunsetter.Server.Portal;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Portal;

/// <summary>What a customer takes with them: the export of what Sunsetter holds of theirs.</summary>
public sealed partial class PortalTests
{
    [Theory, EachDatabase]
    public async Task The_export_is_fetched_by_the_customers_own_link_whole_and_recorded_once(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Log.Change(scene.Id, Meiya, "wu", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "Only Meiya asks this", "wu@meiya.test")), Cancel);
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        await Post(client, path, await client.GetStringAsync(path, Cancel), "export");
        var link = ExportLink().Match(await client.GetStringAsync(path, Cancel)).Groups[1].Value;

        var content = await client.GetByteArrayAsync(link, Cancel);
        await client.GetByteArrayAsync(link, Cancel);

        Assert.Null(Package.FirstBad(content));
        Assert.DoesNotContain("Only Meiya", Text(content));
        Assert.Contains("Huaxin Bank", Text(content));
        var export = (await scene.Entry(Huaxin)).Closure.Exports.Single();
        Assert.Equal((content.Length, Package.Sha256(content)), ((int)export.Bytes!, export.Sha256));
        Assert.Equal(1, await scene.Count<ExportFetched>(Huaxin));
    }

    [Theory, EachDatabase]
    public async Task No_link_of_one_customer_fetches_the_export_of_another(Database database)
    {
        await using var scene = await (await On(database)).Released();
        var export = Guid.CreateVersion7();
        await scene.Log.Change(scene.Id, Meiya, "wu", (_, entry) => new RequestExport(export, "wu@meiya.test").Decide(entry, scene.Server.Clock.GetUtcNow()), Cancel);
        using var client = Client(scene, Browser);

        var answer = await client.GetAsync($"{Path(scene, Huaxin, "anna@huaxin.test")}/exports/{export}", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("Meiya", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/c/forged/exports/{export}", Cancel)).StatusCode);
        Assert.Equal(0, await scene.Count<ExportFetched>(Meiya));
    }

    [Theory, EachDatabase]
    public async Task An_export_is_fetched_for_seven_days_and_not_a_millisecond_longer(Database database)
    {
        await using var scene = await (await On(database)).Released();
        var export = Guid.CreateVersion7();
        await scene.Log.Change(scene.Id, Huaxin, "anna", (_, entry) => new RequestExport(export, "anna@huaxin.test").Decide(entry, scene.Server.Clock.GetUtcNow()), Cancel);
        using var client = Client(scene, Browser);
        var link = $"{Path(scene, Huaxin, "anna@huaxin.test")}/exports/{export}";

        scene.Server.Clock.Advance(CustomerExport.Fetchable - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(link, Cancel)).StatusCode);
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync(link, Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_person_whose_export_or_link_is_over_gets_a_page_that_says_so_in_their_language(Database database)
    {
        await using var scene = await (await On(database)).Released();
        var export = Guid.CreateVersion7();
        await scene.Log.Change(scene.Id, Huaxin, "anna", (_, entry) => new RequestExport(export, "anna@huaxin.test").Decide(entry, scene.Server.Clock.GetUtcNow()), Cancel);
        using var client = Client(scene, Browser);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        scene.Server.Clock.Advance(CustomerExport.Fetchable);

        var (status, page) = await Followed(client, $"{Path(scene, Huaxin, "anna@huaxin.test")}/exports/{export}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("data-code=\"export.expired\"", page);
        Assert.Contains("请重新申请", page);
        Assert.Contains("准备导出", page);

        var expired = scene.Server.Get<PortalLinks>().TokenFor(new PortalPass(scene.Id, Huaxin, "anna@huaxin.test", ServerUnderTest.Start));
        foreach (var address in new[] { $"/c/{expired}/exports/{export}", $"/c/{expired}/calendar.ics" })
        {
            (status, page) = await Followed(client, address);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Contains("发送新链接", page);
            Assert.DoesNotContain("华信", page);
        }

        static async Task<(HttpStatusCode, string)> Followed(HttpClient client, string address)
        {
            var answer = await client.GetAsync((await client.GetAsync(address, Cancel)).Headers.Location, Cancel);
            return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)));
        }
    }

    private static string Text(byte[] content)
    {
        using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
        return string.Concat(zip.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        }));
    }

    [GeneratedRegex("href=\"(/c/[^\"]+/exports/[^\"]+)\"")]
    private static partial Regex ExportLink();
}
