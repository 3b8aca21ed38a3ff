using System.Collections.Frozen;
using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sunsetter.Gates;

namespace Sunsetter.Bench.Gates;

/// <summary>One decision: ours, the same by hand, and Microsoft.FeatureManagement, in one run and in turns, so that noise hits all alike.</summary>
internal static class DecideBench
{
    private const int Rounds = 15;
    private static readonly DateTimeOffset Now = new(2027, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Users = [.. Enumerable.Range(0, 1024).Select(i => $"user-{i * 7919 % 100_000}")];

    public static async Task<int> Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}; median and minimum of {Rounds} turns");
        var cases = new List<Case>();
        foreach (var customers in new[] { 10, 1_000, 100_000 })
        {
            var names = Names(customers);
            var asked = Asked(names);
            var snapshot = Snapshot(names);
            cases.Add(new($"Sunsetter, string ids, {customers:N0} customers", 400_000, n => Strings(snapshot, asked, n)));
            var extended = Snapshot(names, [5, 6, 7]);
            cases.Add(new($"Sunsetter, string ids, {customers:N0} customers who are still open", 400_000, n => Strings(extended, asked, n)));
            var gates = asked.Select(customer => snapshot.For("rooms-legacy", customer)).ToArray();
            cases.Add(new($"Sunsetter, a handle each, {customers:N0} customers", 400_000, n => Handles(gates, n)));
            cases.Add(new($"Sunsetter, a handle each, state only, {customers:N0} customers", 400_000, n => States(gates, n)));
            if (customers > 10_000) continue;
            var floor = new Floor(names);
            cases.Add(new($"by hand: FrozenDictionary, FrozenSet, XxHash3, {customers:N0}", 400_000, n => floor.Run(asked, n)));
        }

        var bits = new Bits();
        cases.Add(new("by hand: int ids and a bitset", 2_000_000, bits.Run));
        foreach (var customers in new[] { 10, 1_000 })
            foreach (var peer in FeatureManagementPeers.Of(Names(customers), Asked(Names(customers)), Asked([.. Names(11_024).Skip(10_000)]), Users))
                cases.Add(new($"{peer.Name}, {customers:N0}", customers > 100 ? 500 : 5_000, peer.Ask));

        foreach (var one in cases) one.Work(one.Count / 4);
        await Task.Delay(300);
        for (var round = 0; round < Rounds; round++)
            foreach (var one in cases)
                one.Measure();
        foreach (var one in cases)
            Console.WriteLine($"{one.Name,-96} median {one.Median,10:N1} ns   min {one.Minimum,10:N1} ns   {one.Allocated,8:N0} B");
        return 0;
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"customer-{i:D6}")];

    /// <summary>Half of those who ask deviate, half do not.</summary>
    private static string[] Asked(string[] names) => [.. Enumerable.Range(0, 1024).Select(i => i % 2 == 0 ? names[i * 31 % names.Length] : $"other-{i:D6}")];

    /// <param name="own">When the deviating customers begin to close, in days from now.</param>
    private static GateSnapshot Snapshot(string[] customers, int[]? own = null)
    {
        GateSegment[] Plan(int days) =>
        [
            new(Now.AddDays(-30), GateState.Warned, GateReasons.ClosingAnnounced), new(Now.AddDays(-20), GateState.Brownout, GateReasons.Rehearsal),
            new(Now.AddDays(-20).AddMinutes(15), GateState.Warned, GateReasons.ClosingAnnounced), new(Now.AddDays(days), GateState.Closed, GateReasons.Retired, 5_000),
            new(Now.AddDays(days + 90), GateState.Closed, GateReasons.Retired),
        ];
        var timelines = (own ?? [-1, -2, -3]).Select(days => GateTimeline.Of(Plan(days))).ToArray();
        var modules = Enumerable.Range(0, 12).Select(i => GateModule.Of(
            i == 0 ? "rooms-legacy" : $"module-{i}", LocalizedText.Of("Rooms", "群聊"), GateTimeline.Of(Plan(-4)),
            i == 0 ? customers.Select((customer, at) => new KeyValuePair<string, GateTimeline>(customer, timelines[at % 3])) : null));
        return GateSnapshot.Read(GateSnapshot.Of(1, Now, modules).Write()).Snapshot!;
    }

    private static long Strings(GateSnapshot snapshot, string[] customers, int n)
    {
        long open = 0;
        for (var i = 0; i < n; i++)
            open += snapshot.Decide("rooms-legacy", customers[i & 1023], Users[i & 1023], Now).IsOpen ? 1 : 0;
        return open;
    }

    private static long Handles(Gate[] gates, int n)
    {
        long open = 0;
        for (var i = 0; i < n; i++)
            open += gates[i & 1023].Decide(Users[i & 1023], Now).IsOpen ? 1 : 0;
        return open;
    }

    private static long States(Gate[] gates, int n)
    {
        long open = 0;
        for (var i = 0; i < n; i++)
            open += gates[i & 1023].StateOf(Users[i & 1023], Now) <= GateState.Warned ? 1 : 0;
        return open;
    }

    /// <summary>What one would write by hand for this one rule.</summary>
    private sealed class Floor(string[] customers)
    {
        private readonly FrozenDictionary<string, (FrozenSet<string> Early, long Closes, long ClosesEarly, int Share)> modules = Enumerable.Range(0, 12).ToFrozenDictionary(
            i => i == 0 ? "rooms-legacy" : $"module-{i}", _ => (customers.ToFrozenSet(), Now.AddDays(-4).UtcTicks, Now.AddDays(-1).UtcTicks, 5_000));

        public long Run(string[] asked, int n)
        {
            long open = 0;
            for (var i = 0; i < n; i++)
            {
                var rule = modules["rooms-legacy"];
                var closes = rule.Early.Contains(asked[i & 1023]) ? rule.ClosesEarly : rule.Closes;
                var bucket = (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Users[i & 1023].AsSpan())) % 10_000);
                open += Now.UtcTicks < closes | bucket >= rule.Share ? 1 : 0;
            }

            return open;
        }
    }

    private sealed class Bits
    {
        private readonly ulong[] bits = [.. Enumerable.Range(0, 1600).Select(i => (ulong)i * 0x9E3779B97F4A7C15)];

        public long Run(int n)
        {
            long open = 0;
            for (var i = 0; i < n; i++)
            {
                var id = (int)((uint)i * 7919 % 100_000);
                open += (long)(bits[id >> 6] >> (id & 63) & 1);
            }

            return open;
        }
    }

    private sealed class Case(string name, int count, Func<int, long> work)
    {
        private readonly List<double> nanoseconds = [];
        private static long sink;

        public string Name => name;
        public int Count => count;
        public double Median => nanoseconds.Order().ElementAt(nanoseconds.Count / 2);
        public double Minimum => nanoseconds.Min();
        public double Allocated { get; private set; }

        public void Work(int n) => sink += work(n);

        public void Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.GetTimestamp();
            sink += work(count);
            nanoseconds.Add(Stopwatch.GetElapsedTime(clock).TotalNanoseconds / count);
            Allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        }
    }
}
