using System.Diagnostics;
using System.Globalization;
using Sunsetter.Harness;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Bench.Usage;

/// <summary>Union, intersection and difference beside CRoaring (npm package roaring) on the same bytes, in the same run.</summary>
internal static class SetBench
{
    private static readonly (string Name, int Values, int Universe, bool Runs)[] Shapes =
    [
        ("sparse, 300 of 4,000", 300, 4_000, false),
        ("sparse, 3,000 of 60,000", 3_000, 60_000, false),
        ("sparse, 20,000 of 1,000,000", 20_000, 1_000_000, false),
        ("dense, 300,000 of 1,000,000", 300_000, 1_000_000, false),
        ("runs, 500,000 of 1,000,000", 500_000, 1_000_000, true),
    ];

    public static int Run()
    {
        var chance = new Random(20261122);
        Console.WriteLine("| sets | operation | ours, µs | CRoaring in Node, µs | ours / theirs |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        foreach (var shape in Shapes)
        {
            var (a, b) = (Make(shape, chance), Make(shape, chance));
            var theirs = Theirs(a, b);
            Row(shape.Name, "union", Time(() => a.Union(b).Count), theirs[0], a.Union(b).Count, theirs[4]);
            Row(shape.Name, "intersection", Time(() => a.Intersect(b).Count), theirs[1], a.Intersect(b).Count, theirs[5]);
            Row(shape.Name, "difference", Time(() => a.Except(b).Count), theirs[2], a.Except(b).Count, theirs[6]);
            Row(shape.Name, "size of intersection", Time(() => a.IntersectCount(b)), theirs[3], a.IntersectCount(b), theirs[5]);
        }
        return 0;
    }

    private static void Row(string shape, string operation, double ours, double theirs, long size, double expected)
    {
        if (size != (long)expected)
            throw new InvalidOperationException($"{shape}, {operation}: {size} and {expected} are not equal.");
        Console.WriteLine(FormattableString.Invariant($"| {shape} | {operation} | {ours:0.00} | {theirs:0.00} | {ours / theirs:0.00} |"));
    }

    private static UserSet Make((string, int Values, int Universe, bool Runs) shape, Random chance)
    {
        var values = new List<uint>();
        if (shape.Runs)
            for (var start = chance.Next(1_000); start < shape.Universe; start += chance.Next(1_000, 3_000))
                values.AddRange(Enumerable.Range(start, 1_000).Select(value => (uint)value));
        else
            for (var n = 0; n < shape.Values; n++)
                values.Add((uint)chance.Next(shape.Universe));
        return UserSet.Of([.. values]).Compact();
    }

    // The best of five rounds: others work on this machine.
    private static double Time(Func<long> work)
    {
        var best = double.MaxValue;
        long guard = 0;
        for (var round = 0; round < 6; round++)
        {
            var (times, started) = (0, Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(started).TotalMilliseconds < 150)
            {
                for (var n = 0; n < 20; n++)
                    guard += work();
                times += 20;
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / times);
        }
        return guard == 42 ? -best : best;
    }

    private static double[] Theirs(UserSet a, UserSet b)
    {
        using var node = Process.Start(new ProcessStartInfo("node", "bench.mjs")
        {
            WorkingDirectory = Path.Combine(Repository.Root, "test", "roaring-oracle"), RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        node.StandardInput.WriteLine(Convert.ToBase64String(UserSetFormat.Write(a)));
        node.StandardInput.WriteLine(Convert.ToBase64String(UserSetFormat.Write(b)));
        node.StandardInput.Close();
        return [.. node.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }
}
