using MailKit.Security;
using MimeKit;

namespace Sunsetter.Server.Connectors.Smtp;

/// <summary>Section <c>Mail</c> of the configuration. Without a host no mail is sent, and it waits.</summary>
internal sealed class MailOptions
{
    /// <summary>SMTP server that relays our mail.</summary>
    public string? Host { get; set; }

    /// <summary>1 to 65535; 25, 465 (TLS from the start) and 587 (STARTTLS) are usual.</summary>
    public int Port { get; set; } = 25;

    /// <summary><c>auto</c> (TLS on 465, else STARTTLS where offered), <c>none</c>, <c>starttls</c> or <c>tls</c>.</summary>
    public string Security { get; set; } = "auto";
    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>Sender, as an address or <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; set; } = "sunsetter@localhost";

    /// <summary>Most mails in a minute, 1 to 100,000.</summary>
    public int PerMinute { get; set; } = 1200;

    /// <summary>Connections at the same time, 1 to 32.</summary>
    public int Connections { get; set; } = 4;

    /// <summary>Longest time one mail may take, 1 to 50 seconds.</summary>
    public int TimeoutSeconds { get; set; } = 20;

    public MailboxAddress Sender => MailboxAddress.Parse(From);

    public SecureSocketOptions SocketOptions => Security switch
    {
        "none" => SecureSocketOptions.None,
        "starttls" => SecureSocketOptions.StartTls,
        "tls" => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.Auto,
    };

    /// <summary>What is wrong, in sentences; empty where it can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (Port is < 1 or > 65535)
            yield return $"Mail:Port is {Port}; it must be from 1 to 65535.";
        if (Security is not ("auto" or "none" or "starttls" or "tls"))
            yield return $"Mail:Security is “{Security}”; use auto, none, starttls or tls.";
        if (!MailboxAddress.TryParse(From, out var sender) || !sender.Address.Contains('@'))
            yield return $"Mail:From is “{From}”; give an address such as “Example <notices@example.com>”.";
        if (PerMinute is < 1 or > 100_000)
            yield return $"Mail:PerMinute is {PerMinute}; it must be from 1 to 100000.";
        if (Connections is < 1 or > 32)
            yield return $"Mail:Connections is {Connections}; it must be from 1 to 32.";
        if (TimeoutSeconds is < 1 or > 50)
            yield return $"Mail:TimeoutSeconds is {TimeoutSeconds}; it must be from 1 to 50.";
        if (User is { Length: > 0 } && string.IsNullOrEmpty(Password))
            yield return "Mail:User is set without Mail:Password.";
    }
}
