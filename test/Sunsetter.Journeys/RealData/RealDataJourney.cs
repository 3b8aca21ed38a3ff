using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sunsetter.Harness;
using Sunsetter.Journeys.Harness;
using Sunsetter.Journeys.Retiring;
using Sunsetter.Server.Platform;

namespace Sunsetter.Journeys.RealData;

/// <summary>
/// Real traffic: mail of three departments (relative times, not sorted), private messages of a network that died, voice calls. What the console
/// shows is compared with figures that awk, sort and wc made from the same files; the commands stand beside the figures.
/// </summary>
public sealed class RealDataJourney
{
    // Mail counts seconds from its own beginning, which is put here; the clock stands just after the last day that all three files share, so that it is a whole day.
    private const string MailBegins = "2002-10-01T00:00:00Z";
    private static readonly DateTimeOffset Now = new(2004, 12, 13, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task What_the_console_shows_is_what_awk_counts(Database database)
    {
        Assert.SkipWhen(Repository.Data is null, "The real data is not here (SUNSETTER_TEST_DATA); this test was not run.");
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        await using var server = await ServerUnderTest.OnDay(database, Now);
        await server.Get<Settings>().Set(new Workspace { Zone = "UTC" }, "root@vendor.test", Cancel);
        var omar = new Colleague("omar@vendor.test", await server.As("omar@vendor.test", Role.Operations));
        await omar.ImportAsync("modules", "modules.csv", "key,name,class\nmail,Mail gateway,core\nmessages,Private messages,core\ncalls,Voice calls,core\n");
        await omar.ImportAsync("customers", "customers.csv", "key,name,tier\ndept-1,Department 1,key\ndept-2,Department 2,standard\ndept-3,Department 3,standard\nuci,UC Irvine,standard\nmit,MIT,standard\n");

        foreach (var (number, lines) in (IEnumerable<(int, int)>)[(1, 61_046), (2, 46_772), (3, 12_216)])   // wc -l email-Eu-Dept*.txt
            await ImportAsync(omar, $"im-email-eu/email-Eu-Dept{number}.txt", $"module='mail',customer='dept-{number}',epoch={MailBegins}", accepted: lines, rejected: 0);
        await ImportAsync(omar, "im-college-msg/CollegeMsg.txt", "module='messages',customer='uci'", accepted: 59_835, rejected: 0);   // wc -l
        // Calls after our "now", more than five minutes ahead, lie in the future: awk -v n=1102896000 '$3>n+300' ia-reality-call.txt | wc -l
        await ImportAsync(omar, "im-reality-call/ia-reality-call.txt", "module='calls',customer='mit'", accepted: 42_013, rejected: 10_037);

        await using var chromium = await Chromium.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString(), Locale = "en-GB" });
        var page = await context.NewPageAsync();
        await page.SignInAsync(server, omar.Email, Cancel);

        // e=1033430400 (the beginning of mail) n=1102896000 (midnight after our day); w is 28, 7 or 1; for each department:
        // awk -v e=$e -v n=$n -v w=28 '$3+e<n && $3+e>=n-86400*w {print $1}' email-Eu-Dept1.txt | sort -u | wc -l   → 80, 58, 31; w=7 the same; w=1 → 3, 5, 0
        await page.GotoAsync("/modules/mail");
        var mail = await page.InnerTextAsync("main");
        Assert.Contains("169", mail, StringComparison.Ordinal);
        Assert.Contains("people in 28 days at 3 customers; 169 in 7 days, 8 on the last whole day", mail, StringComparison.Ordinal);

        // awk -v n=1102896000 -v w=28 '$3<n && $3>=n-86400*w {print $1}' ia-reality-call.txt | sort -u | wc -l   → 1410; w=7 → 449; w=1 → 131
        await page.GotoAsync("/modules/calls");
        Assert.Contains("1,410", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains("people in 28 days at 1 customer; 449 in 7 days, 131 on the last whole day", await page.InnerTextAsync("main"), StringComparison.Ordinal);

        // awk -v n=1086048000 -v w=28 '$3<n && $3>=n-86400*w {print $1}' CollegeMsg.txt | sort -u | wc -l   → 1024; w=7 → 651; w=1 → 148
        var may = await omar.ReadAsync("/api/v1/modules/messages/usage?until=2004-05-31");
        Assert.Equal((1024, 651, 148), ((int)may["month"]!, (int)may["week"]!, (int)may["day"]!));
        // The network's last message is of 26 October: by now it is dead, and nobody is made up.
        Assert.Equal(0, (int)(await omar.ReadAsync("/api/v1/modules/messages/usage"))["month"]!);
    }

    /// <summary>Imports a file with columns sender, receiver and seconds, then again: the second time changes nothing.</summary>
    private static async Task ImportAsync(Colleague omar, string file, string map, long accepted, long rejected)
    {
        foreach (var again in (bool[])[false, true])
        {
            await using var stream = File.OpenRead(Path.Combine(Repository.Data!, file));
            using var content = new StreamContent(stream);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            var mapping = string.Join('&', $"time=#3,user=#1,separator=space,header=no,{map}".Split(',').Select(part => $"map={Uri.EscapeDataString(part)}"));
            using var answer = await omar.Client.PostAsync($"/api/v1/imports/usage?file={Path.GetFileName(file)}&{mapping}", content, Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{file}: {(int)answer.StatusCode} {text}");
            var report = JsonNode.Parse(text)!;
            Assert.Equal((accepted, rejected), again
                ? ((long)report["unchanged"]!, (long)report["rejected"]!)
                : ((long)report["added"]!, (long)report["rejected"]!));
        }
    }
}
