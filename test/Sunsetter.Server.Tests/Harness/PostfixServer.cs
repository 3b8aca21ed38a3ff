using MimeKit;

namespace Sunsetter.Harness;

/// <summary>
/// A private Postfix on a loopback port: accepts mail for every domain, refuses at RCPT a mailbox that begins with <c>gone</c>
/// (550, for good) or <c>busy</c> (450, for now), and sends nothing anywhere.
/// </summary>
internal sealed class PostfixServer : IAsyncDisposable
{
    private static readonly string[] Own = ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"];

    private readonly ChildProcess process;
    private readonly string directory;

    private PostfixServer(ChildProcess process, string directory, int port)
    {
        this.process = process;
        this.directory = directory;
        Port = port;
    }

    /// <summary>Why there is no Postfix here, or null where there is one.</summary>
    public static string? Missing { get; } =
        !File.Exists("/usr/lib/postfix/sbin/master") ? "Postfix is not installed (apt-get install postfix); this test was not run."
        : !Environment.IsPrivilegedProcess ? "Postfix starts as root only; this test was not run."
        : null;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts it on <paramref name="port"/>, or on any free one.</summary>
    public static async Task<PostfixServer> StartAsync(CancellationToken cancel, int? port = null)
    {
        var chosen = port ?? Loopback.FreePort();
        var directory = Directory.CreateTempSubdirectory("sunsetter-smtp-").FullName;
        await ChildProcess.RunAsync(cancel, "chmod", "755", directory);
        foreach (var part in (string[])["config", "queue/pid", "data", "mail"])
            Directory.CreateDirectory($"{directory}/{part}");
        await ChildProcess.RunAsync(cancel, "chown", "postfix", $"{directory}/data");
        await ChildProcess.RunAsync(cancel, "chown", "nobody", $"{directory}/mail");
        PostfixConfiguration.Write(directory, chosen);

        // As “postfix check” would make them; it looks at everything else too, and that takes more than a second of processor.
        await ChildProcess.RunAsync(cancel, ["install", "-d", "-m", "700", "-o", "postfix", .. Own.Select(name => $"{directory}/queue/{name}")]);
        await ChildProcess.RunAsync(cancel, "install", "-d", "-m", "730", "-o", "postfix", "-g", "postdrop", $"{directory}/queue/maildrop");
        await ChildProcess.RunAsync(cancel, "install", "-d", "-m", "710", "-o", "postfix", "-g", "postdrop", $"{directory}/queue/public");
        var process = ChildProcess.Start(directory, "TERM", ["/usr/lib/postfix/sbin/master", "-c", $"{directory}/config", "-d"]);
        await Loopback.UntilAsync("Postfix to listen", token => Loopback.ListensAsync(chosen, token), cancel);
        return new PostfixServer(process, directory, chosen);
    }

    /// <summary>Every mail delivered so far, in the order of delivery.</summary>
    public async Task<IReadOnlyList<MimeMessage>> DeliveredAsync(CancellationToken cancel)
    {
        var inbox = new DirectoryInfo($"{directory}/mail/inbox/new");
        if (!inbox.Exists)
            return [];
        var mails = new List<MimeMessage>();
        foreach (var file in inbox.GetFiles().OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal))
            mails.Add(await MimeMessage.LoadAsync(file.FullName, cancel));
        return mails;
    }

    /// <summary>Nothing that was accepted still waits for its delivery.</summary>
    public bool QueueIsEmpty => ((string[])["maildrop", "incoming", "active", "deferred"])
        .All(queue => !Directory.Exists($"{directory}/queue/{queue}") || !Directory.EnumerateFiles($"{directory}/queue/{queue}", "*", SearchOption.AllDirectories).Any());

    /// <summary>Waits until at least <paramref name="count"/> mails have reached this mailbox; acceptance and delivery are two moments.</summary>
    public async Task<IReadOnlyList<MimeMessage>> WaitForMailAsync(string recipient, CancellationToken cancel, int count = 1)
    {
        IReadOnlyList<MimeMessage> mine = [];
        await Loopback.UntilAsync($"{count} mail(s) for {recipient}", async token =>
        {
            mine = [.. (await DeliveredAsync(token)).Where(mail => mail.Headers["Delivered-To"] == recipient)];
            return mine.Count >= count;
        }, cancel);
        return mine;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
