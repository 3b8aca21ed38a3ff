using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sunsetter.Harness;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Usage;

/// <summary>
/// How the time of a question grows with customers, users and days, each alone up to ten times: drawn in <c>bench/usage-growth.svg</c>. Recipe: seed 20261122; 40 customers of 60 users,
/// 60 days, 8 modules; on each day a user is active with probability 0.3, in two modules.
/// </summary>
internal static class GrowthBench
{
    private static readonly int[] Factors = [1, 2, 5, 10];
    private static readonly string[] Dimensions = ["customers", "users of a customer", "days"];
    private static readonly string[] Asked = ["old but not new, 30 days, first time", "the same, warm", "matrix of all days, from storage"];
    private static readonly DateOnly Last = new(2026, 11, 20);

    public static async Task<int> Run()
    {
        var times = new Dictionary<(int Dimension, int Factor), double[]>();
        await Measure(1, 1, 1);
        var one = await Measure(1, 1, 1);
        Console.WriteLine($"| grows | times | {string.Join(" | ", Asked)} |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        for (var dimension = 0; dimension < Dimensions.Length; dimension++)
            foreach (var factor in Factors)
            {
                int Of(int which) => which == dimension ? factor : 1;
                times[(dimension, factor)] = factor == 1 ? one : await Measure(Of(0), Of(1), Of(2));
                Console.WriteLine($"| {Dimensions[dimension]} | {factor} | {string.Join(" | ", times[(dimension, factor)].Select(time => time.ToString("0.00 ms", CultureInfo.InvariantCulture)))} |");
            }
        await File.WriteAllTextAsync(Path.Combine(Repository.Root, "bench", "usage-growth.svg"), Draw(times));
        return 0;
    }

    private static async Task<double[]> Measure(int customers, int users, int days)
    {
        await using var server = await BenchServer.Start(postgres: false);
        await Fill(server.Get<UsageWriter>(), 40 * customers, 60 * users, 60 * days);
        var usage = server.Get<UsageQuestions>();
        var (old, replacement) = (new ModuleKey("module-1"), new ModuleKey("module-2"));
        var first = await Time(() => usage.Overlaps(old, replacement, Last, 30, CancellationToken.None));
        var warm = double.MaxValue;
        for (var n = 0; n < 15; n++)
            warm = Math.Min(warm, await Time(() => usage.Overlaps(old, replacement, Last, 30, CancellationToken.None)));
        var matrix = double.MaxValue;
        for (var n = 0; n < 3; n++)
        {
            using var fresh = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageMatrix>(server.Get<IServiceProvider>());
            matrix = Math.Min(matrix, await Time(() => fresh.Of(Last.DayNumber - 60 * days + 1, Last.DayNumber, CancellationToken.None)));
        }
        return [first, warm, matrix];
    }

    private static async Task Fill(UsageWriter writer, int customers, int users, int days)
    {
        var chance = new Random(20261122);
        var modules = Enumerable.Range(0, 8).Select(number => Encoding.UTF8.GetBytes($"module-{number}")).ToArray();
        for (var start = 0; start < days; start += 30)
        {
            var tally = new UsageTally();
            for (var day = start; day < Math.Min(days, start + 30); day++)
                for (var customer = 0; customer < customers; customer++)
                {
                    var key = Encoding.UTF8.GetBytes($"customer-{customer}");
                    for (var user = 0; user < users; user++)
                        if (chance.NextDouble() < 0.3)
                            for (var n = 0; n < 2; n++)
                                tally.Add(new UsageEvent
                                {
                                    Module = modules[chance.Next(8)], Customer = key, User = Encoding.UTF8.GetBytes($"user-{user}"),
                                    UnixMilliseconds = new DateTimeOffset(Last.AddDays(-day), new TimeOnly(9, chance.Next(60)), TimeSpan.Zero).ToUnixTimeMilliseconds(), Count = 1,
                                });
                }
            await writer.Write([new UsageDelivery($"fill-{start}", "bench", new DateTimeOffset(Last, default, TimeSpan.Zero), tally)], CancellationToken.None);
        }
    }

    private static async Task<double> Time<T>(Func<Task<T>> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // Both axes are logarithmic: growth in proportion is a line as steep as the grey one.
    private static string Draw(Dictionary<(int Dimension, int Factor), double[]> times)
    {
        const int width = 260, height = 240, left = 46, top = 34;
        string[] colours = ["#b4462f", "#2f6fb4", "#3f8f4f"];
        var svg = new StringBuilder(FormattableString.Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{3 * (width + left + 14)}\" height=\"{height + top + 96}\" font-family=\"sans-serif\" font-size=\"11\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>"));
        var (low, high) = (Math.Floor(Math.Log10(times.Values.Min(row => row.Min()))), Math.Ceiling(Math.Log10(times.Values.Max(row => row.Max()))));
        for (var dimension = 0; dimension < Dimensions.Length; dimension++)
        {
            var x0 = dimension * (width + left + 14) + left;
            double X(double factor) => x0 + Math.Log10(factor) * width;
            double Y(double time) => top + height - (Math.Log10(time) - low) / (high - low) * height;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x0}\" y=\"18\" font-size=\"13\">{Dimensions[dimension]} × 1 … 10</text>");
            for (var power = low; power <= high; power++)
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x0} {Y(Math.Pow(10, power)):0.0}h{width}\" stroke=\"#ddd\"/><text x=\"{x0 - 6}\" y=\"{Y(Math.Pow(10, power)) + 4:0.0}\" text-anchor=\"end\">{Math.Pow(10, power):0.##} ms</text>");
            foreach (var factor in Factors)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(factor):0.0}\" y=\"{top + height + 16}\" text-anchor=\"middle\">×{factor}</text>");
            for (var asked = 0; asked < Asked.Length; asked++)
            {
                var start = times[(dimension, 1)][asked];
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{X(1):0.0} {Y(start):0.0}L{X(10):0.0} {Y(Math.Min(10 * start, Math.Pow(10, high))):0.0}\" stroke=\"#bbb\" stroke-dasharray=\"3 3\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"2\" stroke=\"{colours[asked]}\" points=\"{string.Join(' ', Factors.Select(factor => FormattableString.Invariant($"{X(factor):0.0},{Y(times[(dimension, factor)][asked]):0.0}")))}\"/>");
            }
        }
        for (var asked = 0; asked < Asked.Length; asked++)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left} {top + height + 36 + 18 * asked}h24\" stroke-width=\"2\" stroke=\"{colours[asked]}\"/><text x=\"{left + 32}\" y=\"{top + height + 40 + 18 * asked}\">{Asked[asked]}</text>");
        return svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 320}\" y=\"{top + height + 40}\">dashed: in proportion</text></svg>").Append('\n').ToString();
    }
}
