using CsCheck;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage.Sets;

public sealed class UserSetTests
{
    private static readonly Gen<UserSet> Sets = Gen.Int.Select(seed => RandomSets.Next(new Random(seed)));

    [Fact]
    public void The_empty_set_holds_nobody()
    {
        Assert.True(UserSet.Of().IsEmpty);
        Assert.False(UserSet.Empty.Contains(0));
        Assert.Empty(UserSet.Empty.Union(UserSet.Empty));
    }

    [Fact]
    public void Repeated_and_unordered_ordinals_count_once() =>
        Assert.Equal([0u, 7, 65_536, uint.MaxValue], UserSet.Of(uint.MaxValue, 7, 0, 7, 65_536, uint.MaxValue).ToArray());

    [Theory]
    [InlineData(Container.ArrayLimit, typeof(ArrayContainer))]
    [InlineData(Container.ArrayLimit + 1, typeof(BitmapContainer))]
    public void One_value_over_the_array_limit_makes_a_bitmap(int values, Type shape)
    {
        var set = UserSet.Of([.. Enumerable.Range(0, values).Select(i => (uint)(2 * i))]);
        Assert.IsType(shape, set.Containers[0]);
        Assert.IsType(shape, set.Compact().Containers[0]);
        Assert.Equal(values, set.Count);
    }

    [Fact]
    public void Consecutive_ordinals_become_one_run_and_a_full_container_six_bytes()
    {
        var everybody = UserSet.Of([.. Enumerable.Range(0, 65_536).Select(i => (uint)i)]).Compact();
        Assert.Equal(6, Assert.IsType<RunContainer>(everybody.Containers[0]).SerialisedSize);
        Assert.Equal(65_536, everybody.Count);
    }

    [Fact]
    public void Every_operation_agrees_with_a_plain_set_of_numbers() =>
        Gen.Select(Sets, Sets).Sample((a, b) =>
        {
            var (x, y) = (a.ToHashSet(), b.ToHashSet());
            Same(x.Union(y), a.Union(b));
            Same(x.Intersect(y), a.Intersect(b));
            Same(x.Except(y), a.Except(b));
            Assert.Equal(x.Intersect(y).Count(), a.IntersectCount(b));
            Assert.Equal(x.Union(y).Count(), a.UnionCount(b));
            Assert.Equal(x.Except(y).Count(), a.ExceptCount(b));
        }, iter: 12);

    [Fact]
    public void Compacting_changes_the_bytes_and_nothing_else() =>
        Sets.Sample(set =>
        {
            var compact = set.Compact();
            Assert.Equal(set, compact);
            Assert.Equal(set.ToArray(), compact.ToArray());
            Assert.True(UserSetFormat.SizeOf(compact) <= UserSetFormat.SizeOf(set));
        }, iter: 12);

    [Fact]
    public void A_set_contains_its_members_and_not_their_missing_neighbours() =>
        Sets.Sample(set =>
        {
            var members = set.ToHashSet();
            foreach (var ordinal in members.Take(2_000))
            {
                Assert.True(set.Contains(ordinal));
                Assert.Equal(members.Contains(ordinal + 1), set.Contains(ordinal + 1));
                Assert.Equal(members.Contains(ordinal - 1), set.Contains(ordinal - 1));
            }
        }, iter: 12);

    [Fact]
    public void The_union_of_many_equals_the_unions_one_by_one() =>
        Sets.Array[0, 6].Sample(sets =>
        {
            var union = new UserSetUnion();
            foreach (var set in sets)
                union.Add(set);
            var expected = sets.Aggregate(UserSet.Empty, (all, set) => all.Union(set));
            Assert.Equal(expected, union.ToSet());
            Assert.Equal(expected.Count, union.Count);

            var other = new UserSetUnion();
            if (sets.Length > 0)
                other.Add(sets[0]);
            Assert.Equal(expected.Count - (sets.Length > 0 ? sets[0].Count : 0), union.ExceptCount(other));

            union.Clear();
            Assert.Equal(0, union.Count);
        }, iter: 10);

    private static void Same(IEnumerable<uint> expected, UserSet actual)
    {
        Assert.Equal(expected.Order(), actual.ToArray());
        Assert.Equal(actual.ToArray(), actual.AsEnumerable());
        foreach (var container in actual.Containers)
            Assert.True(container.Count > 0 && (container is not ArrayContainer || container.Count <= Container.ArrayLimit));
    }
}
