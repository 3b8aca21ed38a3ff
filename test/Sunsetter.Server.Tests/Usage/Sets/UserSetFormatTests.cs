using CsCheck;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage.Sets;

public sealed class UserSetFormatTests
{
    private static readonly Gen<UserSet> Sets = Gen.Int.Select(seed => RandomSets.Next(new Random(seed)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Sets.Sample(set => Assert.Equal(set, UserSetReader.Read(UserSetFormat.Write(set))), iter: 25);

    [Fact]
    public void Three_users_are_the_bytes_the_specification_says() =>
        Assert.Equal("3A30000001000000000002001000000001000200" + "0300", Convert.ToHexString(UserSetFormat.Write(UserSet.Of(1, 2, 3))));

    [Fact]
    public void A_run_without_offsets_is_the_bytes_the_specification_says()
    {
        var set = UserSet.Of([.. Enumerable.Range(0, 1000).Select(i => (uint)i)]).Compact();
        // Cookie 12347 with 0 more containers, run flag, key 0, 1,000 values, one run from 0 of length 999 + 1.
        Assert.Equal("3B300000" + "01" + "0000" + "E703" + "0100" + "0000" + "E703", Convert.ToHexString(UserSetFormat.Write(set)));
    }

    [Theory]
    [InlineData("", "cut off")]
    [InlineData("3A3000", "cut off")]
    [InlineData("3A300000", "how many")]
    [InlineData("00000000", "cookie")]
    [InlineData("3A30000001000100", "65,536 at most")]
    [InlineData("3A300000FFFFFFFF", "65,536 at most")]
    [InlineData("3A3000000100000000000200", "header needs")]
    [InlineData("3A30000001000000000002001000000001000200", "cut off")]
    [InlineData("3A300000010000000000020010000000010002000300FF", "follow after the end")]
    [InlineData("3A300000010000000000020010000000010003000300", "not ascending")]
    [InlineData("3A300000010000000000020011000000010002000300", "offset")]
    [InlineData("3A30000002000000010000000100000018000000" + "1A00000001000100", "not above")]
    [InlineData("3B300000010000E70301000000E803", "header says")]
    [InlineData("3B300000010000E70302000000E703E703E703", "overlap")]
    [InlineData("3B3000000100000000" + "0000", "no runs")]
    [InlineData("3B3000000100000100" + "0100" + "FFFF" + "0100", "past the end")]
    public void Rubbish_is_refused_with_a_sentence(string hex, string expected)
    {
        Assert.False(UserSetReader.TryRead(Convert.FromHexString(hex), out var set, out var problem));
        Assert.Null(set);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bitmap_whose_bits_are_not_as_many_as_announced_is_refused()
    {
        var bytes = UserSetFormat.Write(UserSet.Of([.. Enumerable.Range(0, 5_000).Select(i => (uint)(3 * i))]));
        bytes[^1] ^= 0x80;
        Assert.False(UserSetReader.TryRead(bytes, out _, out var problem));
        Assert.Contains("5001 bits", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_to_the_bytes_is_either_refused_or_still_a_valid_set() =>
        Gen.Select(Sets, Gen.Int, Gen.Byte).Sample((set, where, what) =>
        {
            var bytes = UserSetFormat.Write(set);
            bytes[Math.Abs(where % bytes.Length)] = what;
            if (UserSetReader.TryRead(bytes, out var read, out var problem))
                Assert.Equal(read.Count, read.ToArray().Distinct().Count());
            else
                Assert.NotEmpty(problem);
        }, iter: 60);

    [Fact]
    public void Random_bytes_after_a_cookie_are_refused_without_a_large_allocation() =>
        Gen.Byte.Array[0, 200].Sample(rest =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            UserSetReader.TryRead([0x3B, 0x30, 0xff, 0xff, .. rest], out _, out _);
            UserSetReader.TryRead([0x3A, 0x30, 0, 0, .. rest], out _, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }, iter: 60);
}
