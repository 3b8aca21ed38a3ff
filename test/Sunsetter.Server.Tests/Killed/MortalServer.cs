using System.Globalization;
using System.Net.Http.Headers;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>The server as operators start it, in a process that is killed without a word; always on the same port.</summary>
internal sealed class MortalServer : IAsyncDisposable
{
    public const string Token = "killed-server-token";

    private readonly KilledScene scene;
    private readonly int port = Loopback.FreePort(), mailPort;
    private ChildProcess? process;
    private bool listened;

    public MortalServer(KilledScene scene, int mailPort) => (this.scene, this.mailPort) = (scene, mailPort);

    public int DiedWhileStarting { get; private set; }

    public HttpClient Client(string token)
    {
        // Each death closes every connection: a pool would hand out dead ones.
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(5), ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task Start(CancellationToken cancel, bool untilReady = true)
    {
        var output = Directory.CreateTempSubdirectory("sunsetter-mortal-").FullName;
        process = ChildProcess.Start(output, "KILL", "env", $"SUNSETTER_DATABASE={scene.Postgres}", $"SUNSETTER_ADMIN_TOKEN={Token}", "dotnet",
            Path.Combine(Repository.Root, "src", "Sunsetter.Server", "bin", "Debug", "net10.0", "Sunsetter.Server.dll"),
            "--port", port.ToString(CultureInfo.InvariantCulture), "--data", scene.Data, "--Logging:LogLevel:Default=Warning",
            "--Mail:Host=127.0.0.1", $"--Mail:Port={mailPort}", "--Mail:Security=none", "--Mail:From=Yunque <notices@vendor.test>");
        listened = false;
        if (!untilReady)
            return;
        using var client = Client(Token);
        await Loopback.UntilAsync("the server to start", async token => await Loopback.ListensAsync(port, token) && await IsReady(client, token), cancel, 120);
        listened = true;
    }

    public async Task Kill()
    {
        DiedWhileStarting += listened ? 0 : 1;
        if (process is not null)
            await process.DisposeAsync();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
    }

    private static async Task<bool> IsReady(HttpClient client, CancellationToken cancel)
    {
        try
        {
            return (await client.GetAsync("/health/ready", cancel)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
