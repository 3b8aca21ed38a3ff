namespace Sunsetter.Client;

/// <summary>How this application reaches its Sunsetter server. Only <see cref="Server"/> and <see cref="Key"/> have to be set.</summary>
public sealed class SunsetterOptions
{
    /// <summary>The server's address, for example <c>https://sunsetter.example.com</c>.</summary>
    public Uri? Server { get; set; }

    /// <summary>A server key (<c>sst_srv_…</c>). It sees every customer: never send it to a browser.</summary>
    public string? Key
    {
        get;
        // Read from a file it ends with a line feed.
        set => field = value?.Trim();
    }

    /// <summary>The name under which this process appears in the proof of closure, 1 to 100 characters. Default: machine, application and process id.</summary>
    public string? Instance { get; set; }

    /// <summary>
    /// Where the last good snapshot and unsent usage are kept, so that a restart without the server still answers. Default: a folder
    /// of the current account's local application data. Files are readable by this account only.
    /// </summary>
    public string? StateDirectory { get; set; }

    /// <summary>Whether a module that no snapshot names is open. Default: yes.</summary>
    public bool UnknownModulesAreOpen { get; set; } = true;

    /// <summary>How often counted use is sent; 1 second to 1 hour. Default: 1 minute.</summary>
    public TimeSpan UsageInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a hosted application's start waits for a first snapshot when none is stored; 0 to 1 minute. Default: 2 seconds. Start never fails on it.</summary>
    public TimeSpan FirstSnapshotWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes of unsent usage are kept at most; 64 KiB to 1 GiB. The oldest give way. Default: 16 MiB.</summary>
    public long OutboxLimit { get; set; } = 16 * 1024 * 1024;

    /// <summary>How HTTP requests are made; for tests and proxies. Not disposed by the client.</summary>
    public HttpMessageHandler? Handler { get; set; }

    /// <summary>The local clock; for tests. Default: the one registered with dependency injection, else the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Every reason why these options cannot work, as sentences; empty when they can.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (Server is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) errors.Add("Set Server to the http(s) address of the Sunsetter server.");
        if (string.IsNullOrWhiteSpace(Key)) errors.Add("Set Key to a server key (sst_srv_…) made in the console under Settings → Application keys.");
        else if (Key.Any(letter => letter is <= ' ' or > '~')) errors.Add("Key has characters that no key has; copy it again from the console under Settings → Application keys.");
        else if (Key.StartsWith("sst_web_", StringComparison.Ordinal)) errors.Add("Key is a browser key; a server application needs a server key (sst_srv_…).");
        if (Instance is { Length: 0 or > 100 }) errors.Add("Instance must have 1 to 100 characters.");
        if (UsageInterval < TimeSpan.FromSeconds(1) || UsageInterval > TimeSpan.FromHours(1)) errors.Add("UsageInterval must be between 1 second and 1 hour.");
        if (FirstSnapshotWait < TimeSpan.Zero || FirstSnapshotWait > TimeSpan.FromMinutes(1)) errors.Add("FirstSnapshotWait must be between 0 and 1 minute.");
        if (OutboxLimit is < 64 * 1024 or > 1024L * 1024 * 1024) errors.Add("OutboxLimit must be between 64 KiB and 1 GiB.");
        return errors;
    }
}
