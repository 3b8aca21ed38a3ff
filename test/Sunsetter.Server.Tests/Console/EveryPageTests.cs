using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Console;

/// <summary>
/// Opens the pages of the demo workspace by their own links, one of each kind, in both languages. On PostgreSQL a page is drawn before its data
/// has come: one that cannot bear that fails here.
/// </summary>
public sealed class EveryPageTests
{
    private const int OfEachKind = 3;

    [Theory, EachDatabase]
    public async Task Every_page_that_a_link_leads_to_opens_in_both_languages(Database database)
    {
        await using var server = await ServerUnderTest.WithDemo(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);
        var (kinds, waiting, known, faults) = (new Dictionary<string, int>(), new Queue<string>(["/"]), new HashSet<string> { "/" }, new List<string>());

        while (waiting.TryDequeue(out var path))
        {
            if (KindOf(server, path) is not { } kind || (kinds[kind] = kinds.GetValueOrDefault(kind) + 1) > OfEachKind)
                continue;
            var english = await root.Look(path);
            var chinese = await root.Look($"{path}{(path.Contains('?') ? '&' : '?')}lang=zh-CN");
            faults.AddRange(new[] { english, chinese }.Where(page => page.Status is not (HttpStatusCode.OK or HttpStatusCode.Redirect)).Select(page => $"{page.Path}: {page.Status}"));
            if (chinese.Status == HttpStatusCode.OK && !chinese.Text.Any(letter => letter is >= '\u4e00' and <= '\u9fff'))
                faults.Add($"{chinese.Path}: not a word of Chinese");
            foreach (var link in english.Document.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!.Split('#')[0]).Where(link => link.StartsWith('/') && known.Add(link)))
                waiting.Enqueue(link);
        }

        Assert.Equal([], faults);
        Assert.True(kinds.Count >= 30, $"Only {kinds.Count} kinds of page were reached.");
    }

    private static string? KindOf(ServerUnderTest server, string path) => server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .OrderBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
        .FirstOrDefault(endpoint => new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path.Split('?')[0], []))?.RoutePattern.RawText;
}
