using System.Collections.Concurrent;
using MailKit.Net.Smtp;

namespace Sunsetter.Server.Connectors.Smtp;

/// <summary>Keeps connections to the relay open between mails; one that failed is thrown away.</summary>
internal sealed class SmtpConnections(MailOptions options, TimeProvider clock) : IAsyncDisposable
{
    // A relay closes connections that were idle too long; better to learn it before a mail than with it. In a row of mails it costs a round trip each.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<(SmtpClient Client, long Since)> idle = [];

    public async Task<SmtpClient> Take(CancellationToken cancel)
    {
        while (idle.TryTake(out var known))
        {
            if (known.Client.IsConnected && (clock.GetElapsedTime(known.Since) < Trusted || await Answers(known.Client, cancel)))
                return known.Client;
            known.Client.Dispose();
        }
        var client = new SmtpClient { Timeout = options.TimeoutSeconds * 1000 };
        var connected = false;
        try
        {
            await client.ConnectAsync(options.Host ?? "", options.Port, options.SocketOptions, cancel);
            if (options.User is { Length: > 0 } user)
                await client.AuthenticateAsync(user, options.Password ?? "", cancel);
            connected = true;
            return client;
        }
        finally
        {
            if (!connected)
                client.Dispose();
        }
    }

    public void GiveBack(SmtpClient client)
    {
        if (client.IsConnected && idle.Count < options.Connections)
            idle.Add((client, clock.GetTimestamp()));
        else
            client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var known))
        {
            if (known.Client.IsConnected)
                await known.Client.DisconnectAsync(quit: true);
            known.Client.Dispose();
        }
    }

    private static async Task<bool> Answers(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.NoOpAsync(cancel);
            return true;
        }
        catch (Exception gone) when (gone is IOException or MailKit.ServiceNotConnectedException or MailKit.ProtocolException or MailKit.CommandException)
        {
            return false;
        }
    }
}
