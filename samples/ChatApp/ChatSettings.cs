namespace ChatApp;

/// <summary>Where the Sunsetter server is and which keys to use, from the environment.</summary>
internal sealed record ChatSettings(Uri Server, string ServerKey, string? WebKey, string? StateDirectory, TimeSpan UsageInterval)
{
    public static ChatSettings Read(IConfiguration configuration)
    {
        var key = configuration["SUNSETTER_SERVER_KEY"];
        if (string.IsNullOrWhiteSpace(key))
        {
            Console.Error.WriteLine("Set SUNSETTER_SERVER_KEY to a server key (sst_srv_…) made in the Sunsetter console under Settings → Application keys.");
            Environment.Exit(2);
        }
        var seconds = int.TryParse(configuration["SUNSETTER_USAGE_SECONDS"], out var wanted) ? wanted : 10;
        return new ChatSettings(
            new Uri(configuration["SUNSETTER_URL"] ?? "http://localhost:5180"),
            key,
            configuration["SUNSETTER_WEB_KEY"],
            configuration["CHATAPP_STATE"],
            TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600)));
    }
}
