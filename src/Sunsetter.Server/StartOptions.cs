using Sunsetter.Server.Platform;

namespace Sunsetter.Server;

/// <summary>How the server was started: <c>[--demo] [--port N | --urls ADDRESSES] [--data DIR]</c>; everything else is ordinary configuration.</summary>
/// <param name="Rest">Arguments for the configuration, such as <c>--Oidc:Authority=…</c>.</param>
internal sealed record StartOptions(string DataDirectory, string Urls, bool Demo, string[] Rest)
{
    /// <summary>Set by tests; else <c>SUNSETTER_DATABASE</c> decides.</summary>
    public string? PostgresConnection { get; init; }

    /// <summary>False in tests that run due work by hand.</summary>
    public bool RunDueWork { get; init; } = true;

    /// <summary>Where a browser on this machine reaches the server, without a slash at the end.</summary>
    public string Address =>
        Urls.Split(';')[0].TrimEnd('/').Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);

    public static StartOptions Read(string[] args)
    {
        var (data, port, urls, demo, rest) = ("data", "5180", Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), false, new List<string>());
        for (var at = 0; at < args.Length; at++)
        {
            switch (args[at])
            {
                case "--demo": demo = true; break;
                case "--port" when at + 1 < args.Length: port = args[++at]; break;
                case "--urls" when at + 1 < args.Length: urls = args[++at]; break;
                case var given when given.StartsWith("--urls=", StringComparison.Ordinal): urls = given["--urls=".Length..]; break;
                case "--data" when at + 1 < args.Length: data = args[++at]; break;
                default: rest.Add(args[at]); break;
            }
        }
        if (!ushort.TryParse(port, out _))
            throw new CannotStart(new Refusal("start.port", $"--port takes a number from 0 to 65535, not “{port}”.", $"--port 需要 0 到 65535 之间的数字，而不是“{port}”。"));
        return new StartOptions(Path.GetFullPath(data), urls ?? $"http://localhost:{port}", demo, [.. rest]);
    }
}
