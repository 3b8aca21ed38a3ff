using System.CommandLine;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary>Which server, and with whose token.</summary>
internal static class ServerOptions
{
    public static readonly Option<Uri> Server = new("--server")
    {
        Description = T("Address of the server; else SUNSETTER_SERVER, else http://localhost:5180", "服务器地址；缺省取 SUNSETTER_SERVER，再缺省为 http://localhost:5180"),
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : Wrong(result),
    };

    public static readonly Option<string> Token = new("--token")
    {
        Description = T("API token; else SUNSETTER_TOKEN, else SUNSETTER_ADMIN_TOKEN", "API 令牌；缺省取 SUNSETTER_TOKEN，再缺省取 SUNSETTER_ADMIN_TOKEN"),
    };

    /// <summary>A client for the API; long uploads must not time out.</summary>
    public static HttpClient Client(ParseResult arguments)
    {
        var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = arguments.GetValue(Server) ?? new Uri(Environment.GetEnvironmentVariable("SUNSETTER_SERVER") ?? "http://localhost:5180"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(Language);
        if ((arguments.GetValue(Token) ?? Environment.GetEnvironmentVariable("SUNSETTER_TOKEN") ?? Environment.GetEnvironmentVariable("SUNSETTER_ADMIN_TOKEN")) is { Length: > 0 } token)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static Uri? Wrong(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError(T("--server takes an address such as http://localhost:5180.", "--server 需要形如 http://localhost:5180 的地址。"));
        return null;
    }
}
