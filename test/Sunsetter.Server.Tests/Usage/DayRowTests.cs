using System.Text;
using CsCheck;
using Sunsetter.Server.Tests.Usage.Sets;
using Sunsetter.Server.Usage;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage;

public sealed class DayRowTests
{
    private static readonly Gen<(int Module, int Place)[]> Uses = Gen.Select(
        Gen.OneOf(Gen.Int[1, 30], Gen.Int[1, 65_535]), Gen.OneOf(Gen.Int[0, 100], Gen.Int[0, 2_000], Gen.Int[0, 65_535])).Array[0, 400];

    [Fact]
    public void Every_module_gets_back_exactly_its_users_however_the_row_was_merged() => Gen.Select(Uses, Uses).Sample((before, after) =>
    {
        var stored = Merged(Row(before), after);
        var (width, figures, users) = ((int)stored[0], (byte[])stored[1], (byte[])stored[2]);
        foreach (var module in before.Concat(after).GroupBy(use => use.Module, use => (uint)use.Place))
        {
            var expected = module.Distinct().Order().ToArray();
            Assert.Equal(expected, Values(DayUsers.Find(users, width, module.Key)!));
            Assert.True(DayFigures.Find(figures, module.Key, out var figure));
            Assert.Equal(expected.Length, figure.People);
            Assert.Equal(module.Count(), figure.Calls);
        }
        Assert.Null(DayUsers.Find(users, width, 0));
        Assert.True(DayFigures.Find(figures, GroupRows.AnyModule, out var all) || before.Length + after.Length == 0);
        Assert.Equal(before.Concat(after).Select(use => use.Place).Distinct().Count(), all.People);
    }, iter: 300);

    [Theory]
    [InlineData(63, 6)]
    [InlineData(64, 7)]
    [InlineData(65_535, 16)]
    public void A_row_is_as_wide_as_its_last_user_needs(int place, int width) => Assert.Equal(width, Row([(1, place)])[0]);

    [Fact]
    public void A_small_customers_modules_share_one_container() =>
        Assert.Single(UserSetReader.Read((byte[])Row([.. Enumerable.Range(1, 20).SelectMany(module => Enumerable.Range(0, 10).Select(user => (module, 7 * user)))])[2]).Containers.ToArray());

    [Fact]
    public void A_module_that_is_taken_out_leaves_the_others_whole() => Uses.Where(uses => uses.Length > 0).Sample(uses =>
    {
        var row = new DayRow(1, 2, 0);
        Merge(row, Row(uses));
        var gone = row.Remove(uses[0].Module);
        Assert.Equal(uses.Where(use => use.Module == uses[0].Module).Select(use => (uint)use.Place).Distinct().Order(), gone!.ToArray());
        Assert.Null(row.Remove(uses[0].Module));
        var left = row.ToStore();
        foreach (var module in uses.Where(use => use.Module != uses[0].Module).GroupBy(use => use.Module))
            Assert.Equal(module.Select(use => (uint)use.Place).Distinct().Order(), Values(DayUsers.Find((byte[])left[2], (int)left[0], module.Key)!));
        Assert.False(DayFigures.Find((byte[])left[1], uses[0].Module, out _));
    }, iter: 200);

    [Fact]
    public void A_slice_of_a_container_holds_what_lies_in_it() => Gen.Select(Gen.Int, Gen.Int[6, 16], Gen.Int[0, 1_023]).Sample((seed, width, at) =>
    {
        foreach (var container in RandomSets.Next(new Random(seed)).Containers)
        {
            var start = (at << width) % 65_536;
            var expected = Values(container).Where(value => value >= start && value < start + (1 << width)).Select(value => value - (uint)start).ToArray();
            Assert.Equal(expected, ContainerSlice.Of(container, start, 1 << width) is { } slice ? Values(slice) : []);
        }
    }, iter: 300);

    [Fact]
    public void Names_that_begin_or_end_alike_are_different_users() => Gen.Char['a', 'c'].Array[0, 20].Array[1, 200].Sample(names =>
    {
        var users = new CustomerUsers();
        var numbers = new Dictionary<(int, string), int>();
        for (var n = 0; n < names.Length; n++)
        {
            var (customer, name) = (n % 3, new string(names[n]));
            var bytes = Encoding.UTF8.GetBytes(name);
            Assert.Equal(numbers.GetValueOrDefault((customer, name), -1), users.Find(customer, bytes));
            numbers.TryAdd((customer, name), numbers.Count);
            Assert.Equal(numbers[(customer, name)], users.Add(customer, bytes));
        }
        foreach (var ((customer, name), number) in numbers)
        {
            Assert.Equal(customer, users.CustomerOf(number));
            Assert.Equal(name, Encoding.UTF8.GetString(users[number]));
        }
    }, iter: 300);

    [Fact]
    public void When_the_last_number_is_given_a_further_module_is_refused_and_those_that_have_one_still_count()
    {
        var now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var keys = new KeySnapshot(new KeyLimit(["first", "second", "third"], ["first"], 1_000) { Room = 1 }, new KeyLimit([], [], 10));
        var lines = new UsageLines(keys, now);
        foreach (var (module, line) in new[] { "second", "third", "first", "second" }.Select((module, line) => (module, line)))
            lines.Add(line, new UsageEvent { Module = Encoding.UTF8.GetBytes(module), Customer = "c"u8, User = "u"u8, Count = 1, UnixMilliseconds = now.ToUnixTimeMilliseconds() });
        Assert.Equal(3, lines.Tally.Events);
        Assert.Equal("usage.too-many-modules", Assert.Single(lines.Rejected).Reason.Code);
        Assert.Equal(1, lines.Rejected[0].Line);
    }

    private static uint[] Values(Container container) => new UserSet([0], [container]).ToArray();

    private static object[] Row((int Module, int Place)[] uses) => Merged(null, uses);

    private static object[] Merged(object[]? stored, (int Module, int Place)[] uses)
    {
        var row = new DayRow(1, 2, 0);
        foreach (var (module, place) in uses)
        {
            row.Add(module, new UsageCell { Module = 0, Customer = 0, Day = 2, Calls = 1 });
            row.Add((uint)module << 16 | (uint)place);
        }
        if (stored is not null)
            Merge(row, stored);
        return row.ToStore();
    }

    private static void Merge(DayRow row, object[] stored) => row.Merge((int)stored[0], (byte[])stored[1], (byte[])stored[2]);
}
