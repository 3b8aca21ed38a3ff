using System.Globalization;
using System.Text.Json;
using Sunsetter.AotProbe;
using Sunsetter.Client;
using Sunsetter.Gates;

// Proves that the gate and its client work as native code and trimmed: every agreed answer, and a whole conversation with a server. Usage: AotProbe VECTORS
var vectors = JsonDocument.Parse(File.ReadAllBytes(args[0])).RootElement;
var snapshot = GateSnapshot.Read(System.Text.Encoding.UTF8.GetBytes(vectors.GetProperty("snapshot").GetRawText())).Snapshot ?? throw new InvalidOperationException("The snapshot of the vectors was refused.");
var asked = 0;
foreach (var one in vectors.GetProperty("cases").EnumerateArray())
{
    var decision = snapshot.Decide(one.GetProperty("module").GetString(), Text(one, "customer"), Text(one, "user"), DateTimeOffset.Parse(one.GetProperty("at").GetString()!, CultureInfo.InvariantCulture));
    var (state, reason) = (one.GetProperty("answer").GetProperty("state").GetString(), one.GetProperty("answer").GetProperty("reason").GetString());
    Expect(decision.State.ToString().ToLowerInvariant() == state && decision.Reason == reason, $"case {asked}: {decision.State} {decision.Reason}, agreed is {state} {reason}");
    asked++;
}

Expect(asked > 500, "the vectors are too few");
Expect(GateSnapshot.Read("""{"format":1}"""u8).Errors.Count > 0, "a document without a version was taken");

var state2 = Directory.CreateTempSubdirectory("sunsetter-aot-").FullName;
var closed = GateSnapshot.Of(7, DateTimeOffset.UnixEpoch, [GateModule.Of(
    "rooms", LocalizedText.Of("Rooms", "群聊室"), GateTimeline.Of(new GateSegment(DateTimeOffset.UnixEpoch, GateState.Closed, GateReasons.Retired)))]);
await using (var server = new TinyServer(closed))
{
    await using (var client = new SunsetterClient(new SunsetterOptions { Server = server.Address, Key = "sst_srv_aot_0", StateDirectory = state2, UsageInterval = TimeSpan.FromSeconds(1) }))
    {
        Expect(await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)), "no snapshot came");
        var answer = client.Use("rooms", "huaxin", "u-1");
        Expect(!answer.IsOpen && answer.Reason == GateReasons.Retired, $"the client says {answer.State} {answer.Reason}");
    }

    // Shut-down flushes: what was used has been sent when the client is gone.
    var sent = await server.Sent("/edge/v1/usage").WaitAsync(TimeSpan.FromSeconds(20));
    Expect(sent.Contains("\"huaxin\"", StringComparison.Ordinal) && sent.Contains("\"refused\":true", StringComparison.Ordinal), $"the use was sent as {sent}");
}

// The server is gone: the stored snapshot answers.
await using (var client = new SunsetterClient(new SunsetterOptions { Server = new("http://127.0.0.1:9"), Key = "sst_srv_aot_0", StateDirectory = state2 }))
    Expect(await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)) && !client.Ask("rooms", "huaxin", "u-1").IsOpen, "the stored snapshot was not obeyed");
Directory.Delete(state2, recursive: true);

Console.WriteLine($"{asked} agreed answers; a server obeyed, use sent, the stored snapshot obeyed without it. Dynamic code: {System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled}");
return 0;

static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

static void Expect(bool holds, string otherwise)
{
    if (!holds) throw new InvalidOperationException(otherwise);
}
