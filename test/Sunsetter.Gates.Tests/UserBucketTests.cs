using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;

namespace Sunsetter.Gates.Tests;

public sealed class UserBucketTests
{
    [Theory]
    [InlineData("rooms-legacy", "user-1", 0x082affbb, 0x037c5913, 136)]
    [InlineData("rooms-legacy", "user-2", 0x082affbb, 0x9a40a247, 6025)]
    [InlineData("rooms-legacy", "u", 0x082affbb, 0x4dc841d6, 3038)]
    [InlineData("rooms-legacy", "0190b8a4-7c1e-7d2a-9f00-3b5c6d7e8f90", 0x082affbb, 0x5c622a2a, 3608)]
    [InlineData("spaces", "user-1", 0x35d73ff1, 0x9ed49c0d, 6204)]
    [InlineData("旧版群聊室", "张伟", 0x7ba38518, 0xba2b2aa9, 7272)]
    [InlineData("voice", "😀@example.com", 0x421c51d6, 0x4cb2a24e, 2996)]
    public void The_vectors_of_the_wire_format_hold(string module, string user, uint seed, uint hash, int bucket)
    {
        Assert.Equal(seed, UserBucket.Seed(module));
        Assert.Equal(hash, UserBucket.Hash(user, seed));
        Assert.Equal(bucket, UserBucket.Of(module, user));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nobody_is_in_no_share(string? user) => Assert.Equal(UserBucket.None, UserBucket.Of("rooms-legacy", user));

    [Fact]
    public void The_hash_is_the_published_XXH32_for_strings_of_any_length() =>
        Gen.Select(Gen.String[0, 70], Gen.UInt).Sample((text, seed) =>
            UserBucket.Hash(text, seed) == XxHash32.HashToUInt32(MemoryMarshal.AsBytes(text.AsSpan()), (int)seed));

    [Fact]
    public void Lots_and_buckets_draw_the_same_line_for_every_share() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 9_999]).Sample((hash, share) =>
        {
            // The hash itself, and those on both sides of the line.
            var line = UserBucket.FirstLotAfter(share);
            foreach (var lot in new[] { hash, line - 1, line })
                Assert.Equal((int)((lot * UserBucket.None) >> 32) < share, lot < line);
        });

    [Fact]
    public void A_share_of_users_is_that_share_of_users()
    {
        var inside = Enumerable.Range(0, 100_000).Count(i => UserBucket.Of("rooms-legacy", $"user-{i}") < 2_500);
        Assert.InRange(inside, 24_300, 25_700);
    }
}
