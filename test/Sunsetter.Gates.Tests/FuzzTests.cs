using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sunsetter.Gates.Changing;

namespace Sunsetter.Gates.Tests;

/// <summary>
/// Damaged documents: the readers answer with errors and never throw, and what they accept survives being written and read again.
/// SUNSETTER_FUZZ_SECONDS makes the run as long as wanted; see bench/fuzz.sh.
/// </summary>
public sealed class FuzzTests
{
    private const int ShortRun = 8_000;

    private static readonly string[] Words =
    [
        "null", "true", "{}", "[]", "\"\"", "-1", "1e9", "9007199254740993", "\"share\":", "\"from\":", "\"state\":\"closed\"", "\\ud800", "\\u0000", "\"key\":\"rooms-legacy\"",
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z", "2027-02-29T00:00:00Z", "\uFEFF", "[[[[[[[[[[[[[[[[[[", "0.01", "99.99", "100",
    ];

    [Fact]
    public void Damaged_snapshots_and_deltas_never_throw()
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("SUNSETTER_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var seed = seconds > 0 ? Environment.TickCount : 20261122;
        var random = new Random(seed);
        var corpus = new List<byte[]> { WireExample.Utf8(WireExample.Snapshot), WireExample.Utf8(WireExample.Delta), WireExample.Read().Write() };
        var basis = WireExample.Read();
        var clock = Stopwatch.StartNew();
        long runs = 0, accepted = 0;
        while (seconds > 0 ? clock.Elapsed.TotalSeconds < seconds : runs < ShortRun)
        {
            var document = Damage(corpus[random.Next(corpus.Count)], random);
            try
            {
                if (Try(basis, document))
                {
                    accepted++;
                    if (corpus.Count < 500 && document.Length < 20_000) corpus.Add(document);
                }
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, run {runs}: {failure}\n{Convert.ToBase64String(document)}");
            }

            runs++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} documents, {accepted} accepted, {clock.Elapsed.TotalSeconds:F0} s, seed {seed}");
        Assert.True(accepted > 0, "No document was accepted: the damage is too great to test anything.");
    }

    private static bool Try(GateSnapshot basis, byte[] document)
    {
        var reading = GateSnapshot.Read(document);
        Assert.True((reading.Snapshot is null) == (reading.Errors.Count > 0));
        if (reading.Snapshot is { } snapshot)
        {
            var again = GateSnapshot.Read(snapshot.Write());
            Assert.Empty(again.Errors);
            Assert.All(snapshot.Modules, m => Assert.True(DeltaBuilder.Same(m, again.Snapshot!.Find(m.Key)!)));
            Ask(snapshot);
        }

        var delta = GateDelta.Read(document);
        Assert.True((delta.Delta is null) == (delta.Errors.Count > 0));
        if (delta.Delta is { } read)
        {
            var applied = basis.Apply(read);
            Assert.True(applied.Outcome == DeltaOutcome.Applied || ReferenceEquals(applied.Snapshot, basis));
            if (applied.Outcome == DeltaOutcome.Applied) Assert.Empty(GateSnapshot.Read(applied.Snapshot.Write()).Errors);
            Ask(applied.Snapshot);
        }

        return reading.Snapshot is not null || delta.Delta is not null;
    }

    private static void Ask(GateSnapshot snapshot)
    {
        foreach (var at in new[] { DateTimeOffset.MinValue, WireExample.At("2027-01-02T00:00:00Z"), DateTimeOffset.MaxValue })
        {
            var decision = snapshot.Decide("rooms-legacy", "huaxin", "user-1", at);
            _ = (decision.Until, decision.ValidUntil, decision.ClosesAt, decision.AnnouncedAt, decision.Reason, decision.Module?.Name.For("fr"));
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 2; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)])); break;
                case 5 when char.IsAsciiDigit((char)bytes[at]): bytes[at] = (byte)('0' + random.Next(10)); break;
                case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }
}
