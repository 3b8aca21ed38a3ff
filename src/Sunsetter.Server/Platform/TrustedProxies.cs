using Microsoft.AspNetCore.HttpOverrides;

namespace Sunsetter.Server.Platform;

/// <summary>
/// Whom the server believes about the client's address and scheme: <c>Proxy:Trusted</c> lists the networks of reverse proxies (<c>127.0.0.1/32, 10.1.0.0/16</c>).
/// From them <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are taken, one hop; from anybody else they are ignored. Without the setting nobody is believed.
/// </summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var networks = Read(app.Configuration);
        if (networks.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    private static List<System.Net.IPNetwork> Read(IConfiguration configuration)
    {
        var networks = new List<System.Net.IPNetwork>();
        foreach (var text in (configuration["Proxy:Trusted"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
            networks.Add(System.Net.IPNetwork.TryParse(text, out var network) ? network
                : throw new CannotStart(new Refusal("start.proxies", $"Proxy:Trusted holds “{text}”, which is not a network such as 127.0.0.1/32.", $"Proxy:Trusted 中的“{text}”不是网段；网段的写法如 127.0.0.1/32。")));
        return networks;
    }
}
