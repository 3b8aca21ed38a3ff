using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Sunsetter.Bench.Usage;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Pages;

/// <summary>
/// How long every kind of page takes at 500 modules and 5,000 customers (see <see cref="PagesWorld"/>): over loopback, signed in as an administrator, one
/// request after the other, to the last byte. The first request of each page is printed apart: it fills what is kept.
/// </summary>
internal static partial class PagesBench
{
    private const int Goal = 100;

    public static async Task<int> Run(string[] options)
    {
        var postgres = options.Contains("--postgres");
        var requests = options.Select(option => int.TryParse(option, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).DefaultIfEmpty(0).Max();
        var first = await BenchServer.Start(postgres);
        var world = new PagesWorld(first);
        var started = Stopwatch.GetTimestamp();
        await world.Make();
        Console.WriteLine(FormattableString.Invariant($"{(postgres ? "PostgreSQL" : "SQLite")}: {PagesWorld.Modules} modules, {PagesWorld.Customers} customers, 35 retirements with 31,000 entries, made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        started = Stopwatch.GetTimestamp();
        await using var server = await first.Again();
        Console.WriteLine(FormattableString.Invariant($"started anew in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        started = Stopwatch.GetTimestamp();
        await server.Get<KeptFigures>().ReadAll(CancellationToken.None);
        Console.WriteLine(FormattableString.Invariant($"all figures of use reckoned {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after it"));
        await UntilIdle();
        Console.WriteLine(FormattableString.Invariant($"nothing to do behind the pages {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after it, {Environment.WorkingSet >> 20} MB resident"));
        var steps = options.Where(option => option.StartsWith("--step=", StringComparison.Ordinal)).Select(option => option["--step=".Length..]).ToList();
        for (var turn = 1; turn <= 3 && (steps.Count > 0 || !options.Contains("--pages-only")); turn++)
            await Turn(server, turn, steps, options.Contains("--steps"));
        using var client = await SignIn(server);
        Console.WriteLine($"{"page",-64} {"first",7} {"median",7} {"p99",7} {"KB",6}");
        var wanted = options.Where(option => option.StartsWith('/')).ToList();
        var slow = 0;
        foreach (var (name, path) in Pages(server, world).Where(page => wanted.Count == 0 || wanted.Contains(page.Name)))
            slow += await Measure(client, name, path, requests == 0 ? 60 : requests) > Goal ? 1 : 0;
        Console.WriteLine($"{slow} pages over {Goal} ms; {Environment.WorkingSet >> 20} MB resident");
        return 0;
    }

    /// <summary>What is due is done first, as it would be by then; how long each step took is said.</summary>
    private static async Task Turn(BenchServer server, int turn, List<string> only, bool all)
    {
        foreach (var step in server.Get<IEnumerable<IDueStep>>().Where(step => only.Count == 0 || only.Contains(step.Name)))
        {
            var started = Stopwatch.GetTimestamp();
            await step.Run(TimeProvider.System.GetUtcNow(), CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (all || only.Count > 0 || seconds > 1)
                Console.WriteLine(FormattableString.Invariant($"turn {turn}: {step.Name} {seconds:0.00} s"));
        }
    }

    /// <summary>Waits until the server has worked off what it does by itself after a start.</summary>
    private static async Task UntilIdle()
    {
        using var own = Process.GetCurrentProcess();
        for (var before = TimeSpan.Zero; own.TotalProcessorTime - before > TimeSpan.FromMilliseconds(100);)
        {
            before = own.TotalProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(1));
            own.Refresh();
        }
    }

    private static async Task<double> Measure(HttpClient client, string name, string path, int requests)
    {
        var (first, bytes, status) = await Get(client, path);
        var times = new List<double>();
        // A page that takes seconds is asked for less often: it has failed already.
        var spent = Stopwatch.GetTimestamp();
        for (var request = 0; request < requests && (request < 5 || Stopwatch.GetElapsedTime(spent).TotalSeconds < 8); request++)
            times.Add((await Get(client, path)).Milliseconds);
        times.Sort();
        var (median, p99) = (times[(times.Count - 1) / 2], times[(int)Math.Ceiling(times.Count * 0.99) - 1]);
        Console.WriteLine(FormattableString.Invariant($"{name,-64} {first,7:0.0} {median,7:0.0} {p99,7:0.0} {bytes / 1024,6}{(status == HttpStatusCode.OK ? "" : $" {status}")}{(p99 > Goal ? " !" : "")}"));
        return p99;
    }

    private static async Task<(double Milliseconds, long Bytes, HttpStatusCode Status)> Get(HttpClient client, string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(path);
        var bytes = (await answer.Content.ReadAsByteArrayAsync()).LongLength;
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, bytes, answer.StatusCode);
    }

    private static IEnumerable<(string Name, string Path)> Pages(BenchServer server, PagesWorld world)
    {
        foreach (var path in (string[])["/", "/?all=true", "/modules", "/modules/module-003", "/modules/module-111", "/modules/module-003/usage", "/modules/module-111/usage", "/customers", "/customers?q=customer+42", "/customers/customer-0100", "/retirements", "/retirements/new", "/retirements/new?module=module-111",
            "/support", "/support?q=customer+42", "/support?customer=customer-0100", "/import", "/me", "/settings", "/settings/people", "/settings/tokens", "/settings/keys", "/settings/rules", "/settings/templates", "/settings/channels", "/settings/calendar", "/settings/policy",
            "/announcements", "/announcements/module-002", "/announcements.atom", "/announcements.ics"])
            yield return (path, path);
        foreach (var (stage, id) in world.Retirements)
        {
            string[] parts = stage switch
            {
                Stage.Decide => ["", "/decide", "/dates", "/decision-record", "/evidence"],
                Stage.Announce => ["", "/decide", "/dates", "/decision-record", "/announce", "/announce?all=true", "/announce?customer=customer-0100", "/migrate", "/evidence"],
                Stage.Migrate => ["", "/decide", "/dates", "/announce", "/migrate", "/migrate?show=all", "/migrate?show=all&page=40", "/tool", "/ledger/customer-0100", "/close", "/observe", "/evidence"],
                Stage.Close => ["", "/dates", "/announce", "/migrate", "/ledger/customer-0100", "/close", "/observe", "/evidence"],
                _ => ["", "/announce", "/migrate", "/ledger/customer-0100", "/close", "/observe", "/closing-report", "/evidence"],
            };
            foreach (var part in parts)
                yield return ($"{stage} {(part.Length == 0 ? "overview" : part[1..])}", $"/retirements/{id}{part}");
        }
        foreach (var stage in (Stage[])[Stage.Announce, Stage.Migrate, Stage.Close, Stage.Observe])
            yield return ($"portal, {stage}", world.Portal(server, stage));
        yield return ("portal calendar", $"{world.Portal(server, Stage.Migrate)}/calendar.ics");
    }

    private static async Task<HttpClient> SignIn(BenchServer server)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36");
        var people = server.Get<People>();
        var link = await people.NewSignInPath((await people.Find("administrator@vendor.test", CancellationToken.None))!.Id, CancellationToken.None);
        var page = await client.GetStringAsync(link);
        var fields = Hidden().Matches(page).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        using var answer = await client.PostAsync(link, new FormUrlEncodedContent(fields));
        return answer.StatusCode == HttpStatusCode.Redirect ? client : throw new InvalidOperationException($"Not signed in: {answer.StatusCode}");
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
