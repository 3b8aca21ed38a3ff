using System.Diagnostics;
using System.Globalization;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage.Sets;

/// <summary>
/// Compares with CRoaring (npm package roaring, test/roaring-oracle): each pair of sets goes over as bytes and comes back as
/// bytes, with union, intersection, difference and their sizes. SUNSETTER_ORACLE_PAIRS says how many; long.sh there runs a million operations.
/// </summary>
public sealed class RoaringOracleTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(Root(), "test", "roaring-oracle");

    [Fact]
    public async Task CRoaring_reads_what_we_write_and_answers_the_same()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "roaring")),
            "CRoaring is not installed: run `npm ci` in test/roaring-oracle.");
        var pairs = int.Parse(Environment.GetEnvironmentVariable("SUNSETTER_ORACLE_PAIRS") ?? "60", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("SUNSETTER_ORACLE_SEED") ?? "20261122", CultureInfo.InvariantCulture);

        using var oracle = Process.Start(new ProcessStartInfo("node", "oracle.mjs")
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var chance = new Random(seed);
        for (var i = 0; i < pairs; i++)
        {
            var (a, b) = (RandomSets.Next(chance), RandomSets.Next(chance));
            await oracle.StandardInput.WriteLineAsync($"{Base64(a)} {Base64(b)}");
            await oracle.StandardInput.FlushAsync();
            var answer = await oracle.StandardOutput.ReadLineAsync();
            Assert.True(answer is not null, $"The oracle stopped at pair {i} of seed {seed}.");
            Compare(a, b, answer.Split(' '));
        }
        oracle.StandardInput.Close();
        await oracle.WaitForExitAsync();
        output.WriteLine($"{pairs} pairs, {7 * pairs} operations agree with CRoaring (seed {seed}).");
    }

    private static void Compare(UserSet a, UserSet b, string[] answer)
    {
        Assert.Equal(a, Read(answer[0]));
        Assert.Equal(b, Read(answer[1]));
        // Byte for byte: after run optimisation both choose the same shapes.
        Assert.Equal(answer[0], Base64(a.Compact()));
        Assert.Equal(Read(answer[2]), a.Union(b));
        Assert.Equal(Read(answer[3]), a.Intersect(b));
        Assert.Equal(Read(answer[4]), a.Except(b));
        Assert.Equal(answer[5..], new[] { a.Count, b.Count, a.UnionCount(b), a.IntersectCount(b), a.ExceptCount(b) }
            .Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Base64(UserSet set) => Convert.ToBase64String(UserSetFormat.Write(set));

    private static UserSet Read(string base64) => UserSetReader.Read(Convert.FromBase64String(base64));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sunsetter.slnx")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
