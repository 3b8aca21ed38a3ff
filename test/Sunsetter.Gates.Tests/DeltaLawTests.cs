using CsCheck;
using Sunsetter.Gates.Changing;
using Sunsetter.Gates.Planning;

namespace Sunsetter.Gates.Tests;

/// <summary>Whatever the network does to deltas, a client has what the server had at that version, or knows that it must ask.</summary>
public sealed class DeltaLawTests
{
    private static readonly string[] Keys = ["a", "b", "c", "d"];
    private static readonly string[] Customers = ["huaxin", "beike", "dahua", "\"odd\\ 名"];

    private static readonly Gen<GateModule> Module =
        Gen.Select(Gen.Int[0, Keys.Length - 1].Select(i => Keys[i]), Gen.Select(PlanGen.Plan, PlanGen.Deviation).Array[1, 4], Gen.Select(Gen.Int[0, Customers.Length - 1].Select(i => Customers[i]), Gen.Int[0, 3]).Array[0, 4], Gen.Int[0, 7])
            .Select((key, plans, customers, texts) =>
            {
                var timelines = plans.Select(p => TimelineCompiler.Compile(p.Item1, p.Item2)).ToArray();
                return GateModule.Of(
                    key, LocalizedText.Of(key, "模块" + (texts & 1)), timelines[0],
                    customers.Select(c => new KeyValuePair<string, GateTimeline>(c.Item1, timelines[c.Item2 % timelines.Length])),
                    (texts & 2) == 0 ? null : LocalizedText.Of("why", "原因"), (texts & 4) == 0 ? null : new GateAlternative("z", null, null),
                    (texts & 3) == 0 ? null : new GateContact("n", null, "a@b"), (texts & 6) == 0 ? null : "https://example.com/" + texts);
            });

    private static readonly Gen<GateModule[]> Modules = Module.Array[0, 5].Select(all => all.DistinctBy(m => m.Key).ToArray());

    private enum Fate
    {
        Arrives,
        Lost,
        Twice,
        Late,
    }

    [Fact]
    public void A_delta_written_read_and_applied_gives_the_newer_snapshot() =>
        Gen.Select(Modules, Modules).Sample((before, after) =>
        {
            var from = GateSnapshot.Of(7, default, before);
            var to = GateSnapshot.Of(9, WireExample.At("2027-01-01T00:00:00Z"), after);
            var delta = GateDelta.Read(GateDelta.Between(from, to).Write()).Delta!;
            var applied = GateSnapshot.Read(from.Write()).Snapshot!.Apply(delta);
            Assert.Equal(DeltaOutcome.Applied, applied.Outcome);
            AssertSame(to, applied.Snapshot);
        });

    [Fact]
    public void Lost_repeated_and_reordered_deltas_lead_to_the_same_state_or_to_a_resync() =>
        Gen.Select(Modules.Array[2, 8], Gen.Enum<Fate>().Array[8], Gen.Int).Sample(
            (history, fates, seed) =>
            {
                var server = history.Select((modules, i) => GateSnapshot.Of(i + 1, default, modules)).ToArray();
                var client = GateSnapshot.Read(server[0].Write()).Snapshot!;
                foreach (var delta in Network(server, fates, new Random(seed)))
                {
                    var applied = client.Apply(delta);
                    Assert.NotEqual(DeltaOutcome.Refused, applied.Outcome);
                    client = applied.Outcome == DeltaOutcome.ResyncNeeded ? GateSnapshot.Read(server[delta.Version - 1].Write()).Snapshot! : applied.Snapshot;
                    AssertSame(server[client.Version - 1], client);
                }
            },
            iter: 1_000);

    [Fact]
    public void One_customers_change_in_a_thousand_is_a_delta_of_a_few_hundred_bytes()
    {
        var timeline = TimelineCompiler.Compile(new ClosingPlan { WarnFrom = default(DateTimeOffset), ClosesAt = WireExample.At("2027-01-01T00:00:00Z"), ConfirmedAt = default(DateTimeOffset) }, CustomerDeviation.None);
        var restored = GateTimeline.Of(new GateSegment(WireExample.At("2027-01-01T00:00:00Z"), GateState.Open, GateReasons.Restored));
        var customers = Enumerable.Range(0, 1000).ToDictionary(i => $"customer-{i}", _ => timeline);
        var before = GateSnapshot.Of(1, default, [GateModule.Of("rooms", LocalizedText.Of("Rooms", "群聊"), timeline, customers)]);
        customers["customer-7"] = restored;
        var after = GateSnapshot.Of(2, default, [GateModule.Of("rooms", LocalizedText.Of("Rooms", "群聊"), timeline, customers)]);
        Assert.InRange(GateDelta.Between(before, after).Write().Length, 1, 300);
    }

    private static IEnumerable<GateDelta> Network(GateSnapshot[] server, Fate[] fates, Random random)
    {
        var late = new List<GateDelta>();
        for (var i = 1; i < server.Length; i++)
        {
            var delta = GateDelta.Read(GateDelta.Between(server[i - 1], server[i]).Write()).Delta!;
            var fate = fates[i - 1];
            if (fate is Fate.Arrives or Fate.Twice) yield return delta;
            if (fate == Fate.Twice) yield return delta;
            if (fate == Fate.Late) late.Insert(random.Next(late.Count + 1), delta);
            if (late.Count > 0 && random.Next(2) == 0)
            {
                yield return late[0];
                late.RemoveAt(0);
            }
        }

        foreach (var delta in late) yield return delta;
    }

    private static void AssertSame(GateSnapshot expected, GateSnapshot actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.Modules.Select(m => m.Key).Order(), actual.Modules.Select(m => m.Key).Order());
        foreach (var module in expected.Modules) Assert.True(DeltaBuilder.Same(module, actual.Find(module.Key)!), module.Key);
    }
}
