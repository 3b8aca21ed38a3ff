using System.Net;
using System.Net.Sockets;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Connectors;

/// <summary>
/// Which addresses a webhook or a migration tool may have: public ones only, judged after the name is resolved, so that no call can be made to reach a machine behind our own
/// walls. <c>Webhooks:AllowPrivate</c> lists exceptions as networks (<c>10.1.0.0/16</c>); only there may a call go unencrypted.
/// </summary>
internal sealed class OutsideTarget(IReadOnlyList<IPNetwork> allowed)
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // All of ::/96: an IPv4 address may be written in it.
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    public bool Permits(IPAddress address, bool secure = true)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return allowed.Any(network => network.Contains(address)) || secure && !NotPublic.Any(network => network.Contains(address));
    }

    /// <summary>Resolves, refuses, and connects to the very address that was judged: a name that answers differently the next time gains nothing.</summary>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var secure = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
        var permitted = addresses.Where(address => Permits(address, secure)).ToArray();
        if (permitted.Length == 0)
            throw new ForbiddenTargetException(context.DnsEndPoint.Host, inTheClear: addresses.Any(address => Permits(address)));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connected = false;
        try
        {
            await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, cancel);
            connected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        finally
        {
            if (!connected)
                socket.Dispose();
        }
    }

    public static OutsideTarget From(IConfiguration configuration)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (configuration["Webhooks:AllowPrivate"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
            networks.Add(IPNetwork.TryParse(text, out var network) ? network
                : throw new CannotStart(new Refusal("start.webhooks", $"Webhooks:AllowPrivate holds “{text}”, which is not a network such as 10.1.0.0/16.", $"Webhooks:AllowPrivate 中的“{text}”不是网段；网段的写法如 10.1.0.0/16。")));
        return new OutsideTarget(networks);
    }
}

/// <summary>The name leads to an address that must not be reached, or not unencrypted.</summary>
internal sealed class ForbiddenTargetException(string host, bool inTheClear = false) : IOException($"“{host}” may not be reached.")
{
    public bool InTheClear => inTheClear;

    public Text Sentence => inTheClear
        ? new($"“{host}” is called over https:// only. http:// reaches only networks that the operator lists in Webhooks:AllowPrivate.", $"“{host}”只能通过 https:// 访问；http:// 仅可用于运维在 Webhooks:AllowPrivate 中列出的网段。")
        : new($"“{host}” leads to a private address; only public addresses may be reached. The operator may list exceptions as networks in Webhooks:AllowPrivate.", $"“{host}”指向内网地址，只能访问公网地址。如确需使用，请运维在 Webhooks:AllowPrivate 中放行该网段。");
}
