using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Sunsetter.Client.Clock;
using Sunsetter.Client.Snapshots;
using Sunsetter.Gates;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

/// <summary>Deltas in any order, lost or repeated, leave a client with what the whole snapshot would have given it.</summary>
public sealed class DeltaOrderTests
{
    private static readonly GateTimeline[] Timelines = [Retiring, Closed, Restored];

    private static readonly Gen<GateModule> AnyModule =
        Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2]).List[0, 4], (standard, customers) =>
            Rooms(Timelines[standard], [.. customers.DistinctBy(one => one.Item1).Select(one => ($"c{one.Item1}", Timelines[one.Item2]))]));

    [Fact]
    public void Client_state_after_any_order_of_deltas_is_the_snapshot()
    {
        var histories = AnyModule.List[2, 6];
        Gen.Select(histories, Gen.Int[0, 5].List[0, 20]).Sample((modules, order) =>
        {
            var versions = modules.Select((module, i) => Snapshot(i + 1, module)).ToList();
            var deltas = versions.Zip(versions.Skip(1), GateDelta.Between).Select(delta => delta.Write()).ToList();
            using var telemetry = new ClientTelemetry(null);
            var held = new SnapshotHolder(new ServerClock(TimeProvider.System, default), TimeProvider.System, telemetry, NullLogger.Instance);
            held.Replace(versions[0].Write(), "test");

            foreach (var i in order.Where(i => i < deltas.Count))
            {
                // A gap makes the client fetch the whole of what the server has by then.
                if (!held.Apply(deltas[i])) held.Replace(versions[i + 1].Write(), "test");
                AssertSame(versions[(int)held.Version!.Value - 1], held.Snapshot);
            }
            foreach (var delta in deltas) held.Apply(delta);
            if (held.Version < versions.Count) held.Replace(versions[^1].Write(), "test");
            AssertSame(versions[^1], held.Snapshot);
        });
    }

    private static void AssertSame(GateSnapshot expected, GateSnapshot actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        foreach (var customer in (string?[])[null, "c0", "c1", "c2", "c3", "c4", "c5"])
        {
            foreach (var at in (DateTimeOffset[])[Announced, Rehearsal, RehearsalEnds, Closing])
            {
                var (wanted, given) = (expected.Decide("rooms-legacy", customer, "u", at), actual.Decide("rooms-legacy", customer, "u", at));
                Assert.Equal((wanted.State, wanted.Reason, wanted.ClosesAt, wanted.ValidUntil), (given.State, given.Reason, given.ClosesAt, given.ValidUntil));
            }
        }
        Assert.Equal(Encoding.UTF8.GetString(expected.Write()).Length, Encoding.UTF8.GetString(actual.Write()).Length);
    }
}
