using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Bench.Usage;
using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Bench.Mail;

/// <summary>
/// Mails handed to SMTP in a second, from a durable queue to a durable "sent", beside Postfix's own smtp-source, which keeps no queue, against the same
/// smtp-sink in the same run. Recipe: an English notice of about 3 KB with both parts, one recipient each, the same number of connections for both.
/// </summary>
internal static class MailBench
{
    private const string Sink = "/usr/sbin/smtp-sink", Source = "/usr/sbin/smtp-source";

    public static async Task<int> Run(string[] options)
    {
        var postgres = options.Contains("--postgres");
        var numbers = options.Where(option => !option.StartsWith('-')).Select(option => int.Parse(option, CultureInfo.InvariantCulture)).ToList();
        var (mails, connections) = (numbers.ElementAtOrDefault(0) is > 0 and var n ? n : 20_000, numbers.ElementAtOrDefault(1) is > 0 and var c ? c : 4);
        var port = Loopback.FreePort();
        await using var sink = ChildProcess.Start(Directory.CreateTempSubdirectory("sunsetter-sink-").FullName, "TERM", Sink, "-u", "nobody", $"127.0.0.1:{port}", "1000");
        await Loopback.UntilAsync("smtp-sink", cancel => Loopback.ListensAsync(port, cancel), CancellationToken.None);
        await using var server = await BenchServer.Start(postgres, "--Mail:Host=127.0.0.1", $"--Mail:Port={port}", "--Mail:Security=none", "--Mail:PerMinute=100000", $"--Mail:Connections={connections}");

        await Ours(server, mails: 500);
        for (var round = 1; round <= 3; round++)
        {
            var theirs = await Theirs(port, mails, connections, "-d");
            var ours = await Ours(server, mails);
            var again = await Theirs(port, mails, connections);
            Console.WriteLine(FormattableString.Invariant(
                $"{(postgres ? "PostgreSQL" : "SQLite")}, {connections} connections, {mails} mails: smtp-source {theirs:0}/s with connections kept ({again:0}/s with one for each mail), ours {ours:0}/s = {ours / theirs:0.00}"));
        }
        return 0;
    }

    private static async Task<double> Ours(BenchServer server, int mails)
    {
        var outbox = server.Get<Outbox>();
        var retirement = RetirementId.New();
        await outbox.Add([.. Enumerable.Range(0, mails).Select(number => Draft(retirement, number))], CancellationToken.None);
        await Forget(server);
        var sender = server.Get<IEnumerable<IDueStep>>().OfType<SendDueMessages>().Single();
        var started = Stopwatch.GetTimestamp();
        while (await Left(server) > 0)
            await sender.Run(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return mails / seconds;
    }

    // The pace looks at the last minute; rounds that follow one another should not be slowed by it.
    private static async Task Forget(BenchServer server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync();
        await db.Set<MessageRow>().ExecuteUpdateAsync(set => set.SetProperty(row => row.LastAttemptAt, DateTimeOffset.UnixEpoch));
    }

    private static async Task<int> Left(BenchServer server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync();
        return await db.Set<MessageRow>().CountAsync(row => row.State == MessageState.Waiting);
    }

    private static async Task<double> Theirs(int port, int mails, int connections, params string[] more)
    {
        var started = Stopwatch.GetTimestamp();
        await ChildProcess.RunAsync(CancellationToken.None, [Source, "-s", $"{connections}", "-m", $"{mails}", "-l", "3000", "-f", "notices@vendor.test", "-t", "ada@customer.test", .. more, $"127.0.0.1:{port}"]);
        return mails / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Draft Draft(RetirementId retirement, int number)
    {
        var to = $"ada@customer-{number}.test";
        var text = string.Join("\n\n", Enumerable.Range(0, 12).Select(line => $"Line {line} of a notice: legacy rooms close on 1 June 2027; Spaces takes their place, and your account manager helps."));
        return new Draft(new MessageKey(retirement, new CustomerKey($"customer-{number}"), "notice-1", to, "email"), to, new Letter("Legacy rooms close on 1 June 2027", $"<p>{text.Replace("\n\n", "</p><p>", StringComparison.Ordinal)}</p>", text, "en"));
    }
}
