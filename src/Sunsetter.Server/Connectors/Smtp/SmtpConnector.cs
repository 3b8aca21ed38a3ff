using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Sunsetter.Server.Campaigns;

namespace Sunsetter.Server.Connectors.Smtp;

/// <summary>Hands mail to a relay.</summary>
internal sealed partial class SmtpConnector(MailOptions options, SmtpConnections connections) : IConnector
{
    public string Channel => "email";
    public int PerMinute => options.PerMinute;
    public int AtOnce => options.Connections;
    public TimeSpan Timeout => TimeSpan.FromSeconds(options.TimeoutSeconds);
    public bool Ready => options.Host is { Length: > 0 };

    public async Task<Attempt> Send(OutgoingMessage message, CancellationToken cancel)
    {
        if (!MailboxAddress.TryParse(message.Address, out _) || !message.Address.Contains('@'))
            return new Attempt.Refused("smtp.bad-address", $"“{message.Address}” is not an e-mail address.", RecipientGone: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Timeout);
        SmtpClient? client = null;
        try
        {
            client = await connections.Take(limit.Token);
            await client.SendAsync(MailMessage.From(message, options.Sender), limit.Token);
            return new Attempt.Accepted();
        }
        catch (SmtpCommandException said)
        {
            return Read(said);
        }
        catch (Exception failure) when (failure is IOException or SocketException or SslHandshakeException or AuthenticationException or ProtocolException or ServiceNotConnectedException or NotSupportedException)
        {
            client?.Dispose();
            client = null;
            return new Attempt.Postponed("smtp.unreachable", failure.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            client?.Dispose();
            client = null;
            return new Attempt.Postponed("smtp.timeout", $"The mail server did not answer within {options.TimeoutSeconds} seconds.");
        }
        finally
        {
            if (client is not null)
                connections.GiveBack(client);
        }
    }

    /// <summary>What a reply means: 4xx is "not now"; 5xx at RCPT is "nobody there", unless it speaks of policy or a full mailbox (RFC 3463: x.7.x, x.2.2).</summary>
    internal static Attempt Read(SmtpCommandException said)
    {
        var code = (int)said.StatusCode;
        var sentence = $"{code} {said.Message}";
        if (code is < 500 or > 599)
            return new Attempt.Postponed($"smtp.{code}", sentence);
        var enhanced = Enhanced().Match(said.Message).Value;
        var aboutMailbox = said.ErrorCode == SmtpErrorCode.RecipientNotAccepted && !enhanced.StartsWith("5.7.", StringComparison.Ordinal) && enhanced != "5.2.2";
        return new Attempt.Refused($"smtp.{code}", sentence, aboutMailbox);
    }

    [GeneratedRegex(@"\b5\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Enhanced();
}
