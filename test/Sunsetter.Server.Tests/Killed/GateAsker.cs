using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Gates;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>
/// Asks for every closing module, for a customer who closes and for one who has more time, again and again; and keeps snapshots, which must close at the
/// same instant without the server.
/// </summary>
internal sealed class GateAsker(MortalServer server, KilledScene scene)
{
    private readonly HashSet<string> answered = [];

    /// <summary>Answers that were closed too early or open too late, in words.</summary>
    public List<string> Wrong { get; } = [];

    public int Answers { get; private set; }

    public int Snapshots { get; private set; }

    /// <summary>Milliseconds from an instant to the first answer after it: as long as a dead server took to come back.</summary>
    public long FirstAfter { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        using var client = server.Client(scene.EdgeKey);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await AskForAll(client, stop);
                await Hold(client, stop);
                await Task.Delay(10, stop);
            }
            catch (Exception died) when (died is HttpRequestException or IOException or OperationCanceledException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    /// <summary>Until every module has been asked for after its instant.</summary>
    public Task PastTheInstants(CancellationToken cancel) =>
        Loopback.UntilAsync("answers after every closing instant", _ => Task.FromResult(answered.Count == scene.Closings.Count), cancel, 200);

    private async Task AskForAll(HttpClient client, CancellationToken stop)
    {
        foreach (var (module, instant) in scene.Closings)
            foreach (var customer in (string[])[KilledScene.Closing, KilledScene.WithMoreTime])
            {
                var before = TimeProvider.System.GetUtcNow();
                using var answer = await client.PostAsJsonAsync($"/ofrep/v1/evaluate/flags/{module}", new { context = new { targetingKey = "u-1", customer } }, stop);
                if (!answer.IsSuccessStatusCode)
                    continue;
                var open = (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("value").GetBoolean();
                var after = TimeProvider.System.GetUtcNow();
                Answers++;
                if (!open && (customer == KilledScene.WithMoreTime || after < instant))
                    Wrong.Add($"{module} was closed for {customer} at {after:O}, before {instant:O}");
                if (open && customer == KilledScene.Closing && before >= instant)
                    Wrong.Add($"{module} was open for {customer} at {before:O}, after {instant:O}");
                if (before >= instant && answered.Add(module))
                    FirstAfter = Math.Max(FirstAfter, (long)(after - instant).TotalMilliseconds);
            }
    }

    private async Task Hold(HttpClient client, CancellationToken stop)
    {
        using var answer = await client.GetAsync("/edge/v1/gates", stop);
        if (!answer.IsSuccessStatusCode)
            return;
        var held = GateSnapshot.Read(await answer.Content.ReadAsByteArrayAsync(stop)).Snapshot!;
        Snapshots++;
        foreach (var (module, instant) in scene.Closings)
            if (!held.Decide(module, KilledScene.Closing, "u-1", instant.AddMilliseconds(-1)).IsOpen || held.Decide(module, KilledScene.Closing, "u-1", instant).IsOpen
                || !held.Decide(module, KilledScene.WithMoreTime, "u-1", instant.AddHours(1)).IsOpen)
                Wrong.Add($"a snapshot would not close {module} at {instant:O}");
    }
}
