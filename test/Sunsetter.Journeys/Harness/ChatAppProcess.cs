using System.Diagnostics;
using Sunsetter.Harness;

namespace Sunsetter.Journeys.Harness;

/// <summary>The sample application, as a developer would start it beside a Sunsetter server.</summary>
internal sealed class ChatAppProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string state;

    private ChatAppProcess(Process process, string state, string address) => (this.process, this.state, Address) = (process, state, address);

    public string Address { get; }

    public static async Task<ChatAppProcess> StartAsync(Uri server, string serverKey, string webKey, CancellationToken cancel)
    {
        var address = $"http://127.0.0.1:{Loopback.FreePort()}";
        var state = Directory.CreateTempSubdirectory("sunsetter-chat-").FullName;
        var sample = Path.Combine(Repository.Root, "samples", "ChatApp");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(sample, "bin", "Debug", "net10.0", "ChatApp.dll"), "--contentRoot", sample, "--urls", address])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["SUNSETTER_URL"] = server.ToString().TrimEnd('/');
        start.Environment["SUNSETTER_SERVER_KEY"] = serverKey;
        start.Environment["SUNSETTER_WEB_KEY"] = webKey;
        start.Environment["SUNSETTER_USAGE_SECONDS"] = "1";
        start.Environment["CHATAPP_STATE"] = state;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var client = new HttpClient();
        await Loopback.UntilAsync("the chat to answer", async token =>
        {
            try
            {
                return (await client.GetAsync(address, token)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, cancel);
        return new ChatAppProcess(process, state, address);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(state, recursive: true);
    }
}
