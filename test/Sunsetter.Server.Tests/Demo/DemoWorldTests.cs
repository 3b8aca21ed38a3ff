using Sunsetter.Server.Demo;

namespace Sunsetter.Server.Tests.Demo;

public sealed class DemoWorldTests
{
    private static readonly DemoWorld World = DemoWorld.On(new DateOnly(2026, 11, 22));

    [Fact]
    public void What_the_demo_tells_once_is_told_in_both_languages() =>
        Assert.All(
            World.Modules.SelectMany(module => module.Capabilities.Append(module.Description))
                .Concat(DemoStories.All.SelectMany(story => story.Worse.Values.Select(worse => worse.Note).Append(story.Research.Finding).Append(story.Operations.Words).Append(story.Support.Words))),
            text => Assert.Matches("[a-z.?] / [^/]*[\u4e00-\u9fff]", text));

    [Fact]
    public void A_team_has_one_short_name_that_reads_well_in_both_languages() => Assert.All(World.Modules, module => Assert.Matches("^[A-Za-z ]{2,12}$", module.Owner));

    [Fact]
    public void What_a_replacement_lacks_is_a_capability_of_its_module() =>
        Assert.All(DemoStories.All, story => Assert.Subset(World.Modules.Single(module => module.Key == story.Module).Capabilities.ToHashSet(), story.Worse.Keys.ToHashSet()));

    [Fact]
    public void There_are_two_hundred_customers_with_twenty_thousand_users()
    {
        Assert.Equal((200, 20_000), (World.Customers.Count, World.Customers.Sum(customer => customer.Users)));
        Assert.Equal(200, World.Customers.Select(customer => customer.Key).Distinct().Count());
        Assert.All(World.Customers, customer => Assert.True(customer.Users > 0));
    }

    [Fact]
    public void It_is_the_same_world_every_time() =>
        Assert.Equal(World.Customers, DemoWorld.On(new DateOnly(2026, 11, 22)).Customers);

    [Fact]
    public void The_quarter_end_customer_uses_legacy_rooms_on_the_last_three_days_of_quarters_only()
    {
        var days = DaysOf(DemoCustomers.QuarterEnd, "rooms-legacy");

        Assert.NotEmpty(days);
        Assert.All(days, day => Assert.True(day.Month % 3 == 0 && day.AddDays(3).Month != day.Month, $"{day}"));
    }

    [Fact]
    public void The_customer_who_went_back_was_away_for_a_month_and_is_there_again()
    {
        var days = DaysOf(DemoCustomers.WentBack, "rooms-legacy");

        Assert.DoesNotContain(days, day => day < World.Today.AddDays(-9) && day > World.Today.AddDays(-45));
        Assert.Contains(days, day => day >= World.Today.AddDays(-9));
        Assert.Contains(days, day => day <= World.Today.AddDays(-45));
    }

    [Fact]
    public void The_customer_on_its_own_premises_reports_nothing() =>
        Assert.All(World.Modules, module => Assert.Empty(DaysOf(DemoCustomers.OnPremises, module.Key)));

    [Fact]
    public void Nobody_uses_the_sticker_market_after_it_closed() =>
        Assert.All(World.Customers.Take(40), customer => Assert.DoesNotContain(DaysOf(customer.Key, "sticker-market"), day => day > World.Today.AddDays(-DemoUse.StickersClosed)));

    private static HashSet<DateOnly> DaysOf(string key, string module)
    {
        var use = new DemoUse(World);
        var customer = World.Customers.Select((one, at) => (one, at)).Single(pair => pair.one.Key == key);
        var of = World.Modules.Single(one => one.Key == module);
        return use.Has(customer.at, of)
            ? [.. Enumerable.Range(0, Math.Min(60, customer.one.Users)).SelectMany(user => use.Days(customer.at, of, user)).Select(day => World.Today.AddDays(-day.Ago))]
            : [];
    }
}
