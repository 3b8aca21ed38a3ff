using CsCheck;

namespace Sunsetter.Gates.Tests;

public sealed class KeyTableTests
{
    [Fact]
    public void A_table_finds_what_a_dictionary_finds_whatever_was_set_and_removed() =>
        Gen.Select(Gen.Select(Gen.String[0, 6], Gen.Bool).Array[0, 60], Gen.Select(Gen.String[0, 6], Gen.Bool).Array[0, 60]).Sample((first, then) =>
        {
            var expected = first.Where(x => x.Item2).GroupBy(x => x.Item1).ToDictionary(x => x.Key, x => x.Key + "!");
            var table = KeyTable<string>.Of(expected.ToList());
            var changes = then.GroupBy(x => x.Item1).Select(x => new KeyValuePair<string, string?>(x.Key, x.First().Item2 ? x.Key + "?" : null)).ToList();
            var changed = table.With(changes);
            Assert.All(expected, pair => Assert.Equal(pair.Value, table.Find(pair.Key)));
            foreach (var change in changes)
            {
                if (change.Value is null) expected.Remove(change.Key);
                else expected[change.Key] = change.Value;
            }

            Assert.Equal(expected.Count, changed.Count);
            Assert.Equal(expected.OrderBy(x => x.Key, StringComparer.Ordinal), changed.Items.OrderBy(x => x.Key, StringComparer.Ordinal));
            Assert.All(first.Concat(then), x => Assert.Equal(expected.GetValueOrDefault(x.Item1), changed.Find(x.Item1)));
        });

    [Theory]
    [InlineData("customer-{0:D6}")]
    [InlineData("c{0}")]
    [InlineData("{0:D6}-tenant")]
    [InlineData("org-{0:x8}-0000")]
    public void Keys_that_differ_in_a_few_digits_spread_over_the_table(string pattern)
    {
        const int Keys = 20_000, Places = 65_536;
        var taken = Enumerable.Range(0, Keys).Select(i => KeyHash.Of(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i)) & (Places - 1)).Distinct().Count();
        // By chance 17,231 places are taken; far fewer would mean that every look-up walks over its neighbours.
        Assert.InRange(taken, 16_900, 17_600);
    }
}
