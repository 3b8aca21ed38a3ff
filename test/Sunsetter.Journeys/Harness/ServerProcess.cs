using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Sunsetter.Harness;

namespace Sunsetter.Journeys.Harness;

/// <summary>
/// The server as an operator runs it: a process of its own that can be killed and started again on the same data, with its whole clock
/// shifted (libfaketime) so that a day months ahead can be lived through without waiting for it.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The bootstrap token every process is started with.</summary>
    public const string Token = "sst_journey_0123456789abcdef0123456789abcdef";

    private const string ClockShift = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private readonly string directory = Directory.CreateTempSubdirectory("sunsetter-process-").FullName;
    private readonly string? postgres;
    private readonly string[] configuration;
    private readonly int port = Loopback.FreePort();
    private Process? process;

    public ServerProcess(string? postgres, params string[] configuration)
    {
        this.postgres = postgres;
        this.configuration = configuration;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    /// <summary>Why a shifted clock cannot be had here, or null where it can.</summary>
    public static string? ClockShiftMissing { get; } = File.Exists(ClockShift)
        ? null
        : "libfaketime is not installed (apt-get install faketime); this test was not run.";

    /// <summary>Speaks with the bootstrap token; stays usable over restarts.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts the process and waits until it answers; its clock runs <paramref name="ahead"/> of ours.</summary>
    public async Task StartAsync(TimeSpan ahead, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sunsetter.Server.dll"),
            "--port", $"{port}", "--data", directory, "--Logging:LogLevel:Default=Warning", .. configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment["SUNSETTER_ADMIN_TOKEN"] = Token;
        if (postgres is not null)
            start.Environment["SUNSETTER_DATABASE"] = postgres;
        if (ahead != TimeSpan.Zero)
        {
            start.Environment["LD_PRELOAD"] = ClockShift;
            start.Environment["FAKETIME"] = $"+{(long)ahead.TotalSeconds}s";
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }
        process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Loopback.UntilAsync("the server to be ready", ReadyAsync, cancel, seconds: 60);
    }

    /// <summary>What the process printed, all its lives together.</summary>
    public string Said
    {
        get
        {
            lock (said)
                return string.Join('\n', said);
        }
    }

    private readonly List<string> said = [];

    /// <summary><c>kill -9</c>: nothing is flushed, nobody says good-bye.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (said)
            if (line.Data is { Length: > 0 } text)
                said.Add(text);
    }

    private async Task<bool> ReadyAsync(CancellationToken cancel)
    {
        if (process!.HasExited)
            throw new InvalidOperationException($"The server ended with {process.ExitCode}:\n{Said}");
        try
        {
            return (await Client.GetAsync("/health/ready", cancel)).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
