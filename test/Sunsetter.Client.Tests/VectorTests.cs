using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sunsetter.Gates;

namespace Sunsetter.Client.Tests;

/// <summary>
/// The questions and answers that every client must agree on: <c>test/vectors/decisions.json</c>, also read by the tests of <c>sdk/js</c>.
/// After a deliberate change of the format: run with <c>SUNSETTER_WRITE_VECTORS=1</c> and read the difference.
/// </summary>
public sealed class VectorTests
{
    private static readonly DateTimeOffset Origin = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string File = Path.Combine(Root(), "test", "vectors", "decisions.json");

    [Fact]
    public void Every_client_gives_the_agreed_answers()
    {
        if (Environment.GetEnvironmentVariable("SUNSETTER_WRITE_VECTORS") == "1") System.IO.File.WriteAllText(File, Write());

        var vectors = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        var snapshot = GateSnapshot.Read(Encoding.UTF8.GetBytes(vectors["snapshot"]!.ToJsonString())).Snapshot;
        Assert.NotNull(snapshot);
        var cases = vectors["cases"]!.AsArray();
        Assert.True(cases.Count > 500);
        foreach (var one in cases)
        {
            var decision = snapshot.Decide((string?)one!["module"], (string?)one["customer"], (string?)one["user"], Instant((string?)one["at"])!.Value);
            Assert.Equal(one["answer"]!.ToJsonString(), Answer(decision).ToJsonString());
        }
    }

    [Fact]
    public void Every_client_refuses_the_same_documents()
    {
        var vectors = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(File)!, "refused.json")))!;
        var wholesome = vectors["wholesome"]!.ToJsonString();
        Assert.Empty(GateSnapshot.Read(Encoding.UTF8.GetBytes(wholesome)).Errors);
        foreach (var spoiled in vectors["spoiled"]!.AsArray())
        {
            var document = JsonNode.Parse(wholesome)!;
            Spoil(document, (string)spoiled!["at"]!, spoiled["value"]);
            Assert.True(GateSnapshot.Read(Encoding.UTF8.GetBytes(document.ToJsonString())).Snapshot is null, $"{spoiled["at"]} = {spoiled["value"]?.ToJsonString() ?? "absent"} was taken");
        }
    }

    /// <summary>Sets the member at a dotted path; absent value: removes it.</summary>
    private static void Spoil(JsonNode document, string path, JsonNode? value)
    {
        var steps = path.Split('/');
        var at = document;
        foreach (var step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step]!;
        if (at is JsonArray array) array[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = value?.DeepClone();
        else if (value is JsonValue text && text.TryGetValue(out string? word) && word == "(absent)") at.AsObject().Remove(steps[^1]);
        else at[steps[^1]] = value?.DeepClone();
    }

    private static JsonObject Answer(GateDecision decision) => new()
    {
        ["state"] = decision.State.ToString().ToLowerInvariant(),
        ["reason"] = decision.Reason,
        ["validUntil"] = Text(decision.ValidUntil),
        ["until"] = Text(decision.Until),
        ["closesAt"] = Text(decision.ClosesAt),
        ["announcedAt"] = Text(decision.AnnouncedAt),
    };

    /// <summary>Timelines of every shape (shares, equal beginnings, brownouts, restores), asked around each edge; the same on every run.</summary>
    private static string Write()
    {
        var chance = new Random(20261122);
        GateState[] states = [GateState.Open, GateState.Warned, GateState.Brownout, GateState.Closed];
        string?[] users = [null, "u-1", "u-2", "张伟", "0190b8a4-7c1e-7d2a-9f00-3b5c6d7e8f90", "😀@example.com"];
        string?[] customers = [null, "huaxin", "nobody", "__proto__", "c d"];
        var modules = Enumerable.Range(0, 24).Select(i => GateModule.Of($"module-{i}", LocalizedText.Of($"Module {i}", $"模块 {i}"), Timeline(), [new("huaxin", Timeline()), new("__proto__", Timeline()), new("c d", Timeline())]));
        var snapshot = GateSnapshot.Of(1, Origin, modules.ToList());

        var cases = new JsonArray();
        foreach (var module in snapshot.Modules)
        {
            for (var i = 0; i < 26; i++)
            {
                var (customer, user) = (customers[chance.Next(customers.Length)], users[chance.Next(users.Length)]);
                var edges = module.TimelineOf(customer).Segments;
                var at = (edges.Count == 0 ? Origin : edges[chance.Next(edges.Count)].From).AddMilliseconds(chance.Next(-1, 2));
                var line = new JsonObject { ["module"] = module.Key, ["customer"] = customer, ["user"] = user, ["at"] = Text(at), ["answer"] = Answer(snapshot.Decide(module.Key, customer, user, at)) };
                cases.Add(line);
            }
        }
        cases.Add(new JsonObject { ["module"] = "no-such-module", ["customer"] = null, ["user"] = null, ["at"] = Text(Origin), ["answer"] = Answer(snapshot.Decide("no-such-module", null, null, Origin)) });

        var relaxed = new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var lines = string.Join(",\n", cases.Select(one => one!.ToJsonString(relaxed)));
        var document = JsonNode.Parse(snapshot.Write())!.ToJsonString(relaxed);
        return $"{{\"snapshot\":\n{document},\n\"cases\":[\n{lines}\n]}}\n";

        GateTimeline Timeline()
        {
            var segments = new List<GateSegment>();
            var from = Origin;
            for (var i = chance.Next(0, 8); i > 0; i--)
            {
                var share = chance.Next(3) == 0 ? chance.Next(1, 10_000) : GateSegment.Everyone;
                // Only a segment for a share may begin with the one before it.
                if (segments.Count == 0 || share == GateSegment.Everyone || chance.Next(2) == 0) from = from.AddHours(chance.Next(1, 50)).AddMilliseconds(chance.Next(0, 1000));
                segments.Add(new GateSegment(from, states[chance.Next(4)], $"reason-{chance.Next(9)}", share, chance.Next(5) == 0 ? from.AddHours(chance.Next(1, 500)) : null));
            }
            return GateTimeline.Of([.. segments]);
        }
    }

    private static string? Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(at.FullName, "Sunsetter.slnx"))) at = at.Parent ?? throw new InvalidOperationException("The repository was not found above the tests.");
        return at.FullName;
    }
}
