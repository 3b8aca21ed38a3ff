using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

public sealed class NoticePolicyTests
{
    private static readonly DateOnly Told = new(2026, 12, 1);
    private static readonly NoticePolicy Policy = new();

    private static readonly NoticeQuestion Ordinary = new(ModuleClass.NonCore, CustomerClass.Standard, "standard", null, UseLevel.Regular, AlternativeProven: false, Major: false);

    [Fact]
    public void A_non_core_module_gives_45_days() => Decides(45, "non-core", Ordinary);

    [Fact]
    public void A_core_module_gives_90_days() => Decides(90, "core", Ordinary with { Module = ModuleClass.Core });

    [Fact]
    public void A_module_critical_for_enterprises_gives_180_days() => Decides(180, "enterprise-critical", Ordinary with { Module = ModuleClass.EnterpriseCritical });

    [Fact]
    public void An_enterprise_customer_gets_180_days_even_for_a_non_core_module() => Decides(180, "enterprise-customer", Ordinary with { Class = CustomerClass.Enterprise });

    [Fact]
    public void A_key_customer_gets_90_days() => Decides(90, "key-customer", Ordinary with { Class = CustomerClass.Key });

    [Fact]
    public void A_major_retirement_is_never_under_90_days_whatever_the_use() =>
        Decides(90, "major", Ordinary with { Major = true, Use = UseLevel.None, AlternativeProven = true });

    [Fact]
    public void Little_use_together_with_a_proven_alternative_shortens_45_days_to_30() =>
        Decides(30, "floor", Ordinary with { Use = UseLevel.Little, AlternativeProven = true });

    [Theory]
    [InlineData(ModuleClass.Core, CustomerClass.Standard, 60, "core")]
    [InlineData(ModuleClass.EnterpriseCritical, CustomerClass.Standard, 90, "enterprise-critical")]
    [InlineData(ModuleClass.NonCore, CustomerClass.Enterprise, 90, "enterprise-customer")]
    [InlineData(ModuleClass.NonCore, CustomerClass.Key, 60, "key-customer")]
    internal void Each_rule_is_shortened_to_its_own_shortest_notice(ModuleClass module, CustomerClass customer, int days, string rule) =>
        Decides(days, rule, Ordinary with { Module = module, Class = customer, Use = UseLevel.None, AlternativeProven = true });

    [Fact]
    public void Little_use_alone_shortens_nothing() => Decides(45, "non-core", Ordinary with { Use = UseLevel.Little });

    [Fact]
    public void A_proven_alternative_alone_shortens_nothing() => Decides(45, "non-core", Ordinary with { AlternativeProven = true });

    [Fact]
    public void Unknown_use_shortens_nothing() => Decides(45, "non-core", Ordinary with { Use = UseLevel.Unknown, AlternativeProven = true });

    [Fact]
    public void Unknown_use_shortens_nothing_even_under_a_policy_that_shortens_for_everybody()
    {
        var lenient = Policy with { Shorten = new NoticeCondition() };

        Assert.Equal(45, lenient.EarliestClose(Ordinary with { Use = UseLevel.Unknown }, Told).Days);
    }

    [Fact]
    public void A_customer_who_depends_on_it_gets_90_days_however_little_they_use_it() =>
        Decides(90, "vital", Ordinary with { Use = UseLevel.Vital, AlternativeProven = true });

    [Fact]
    public void A_contract_wins_where_it_promises_one_day_more() => Decides(46, "contract", Ordinary with { ContractNoticeDays = 46 });

    [Fact]
    public void A_contract_that_promises_as_much_as_the_rule_is_named_as_the_reason() => Decides(45, "contract", Ordinary with { ContractNoticeDays = 45 });

    [Fact]
    public void A_contract_that_promises_one_day_less_leaves_the_rule_in_force() => Decides(45, "non-core", Ordinary with { ContractNoticeDays = 44 });

    [Fact]
    public void Nothing_shortens_what_a_contract_promises() =>
        Decides(200, "contract", Ordinary with { ContractNoticeDays = 200, Use = UseLevel.None, AlternativeProven = true });

    [Fact]
    public void A_contract_under_the_floor_does_not_lower_it()
    {
        var bare = Policy with { Rules = [] };

        Assert.Equal((30, "floor"), Answer(bare, Ordinary with { ContractNoticeDays = 29 }));
    }

    [Fact]
    public void The_day_on_which_they_are_told_does_not_count() => Assert.Equal(new DateOnly(2027, 1, 15), Policy.EarliestClose(Ordinary, Told).Day);

    [Fact]
    public void The_day_of_telling_is_the_customers_own()
    {
        var justBeforeMidnightInLondon = new DateTimeOffset(2026, 12, 1, 23, 59, 0, TimeSpan.Zero);

        var london = Policy.EarliestClose(Ordinary, justBeforeMidnightInLondon, Days.Zone("Europe/London"));
        var shanghai = Policy.EarliestClose(Ordinary, justBeforeMidnightInLondon, Days.Zone("Asia/Shanghai"));

        Assert.Equal((new DateOnly(2027, 1, 15), new DateOnly(2027, 1, 16)), (london.Day, shanghai.Day));
    }

    [Fact]
    public void A_rule_for_a_tier_does_not_mind_capitals()
    {
        var policy = Policy with { Rules = [.. Policy.Rules, new NoticeRule("platinum", new Text("the platinum plan", "铂金套餐"), 120, 120) { When = new() { Tiers = ["Platinum"] } }] };

        Assert.Equal((120, "platinum"), Answer(policy, Ordinary with { Tier = "PLATINUM" }));
        Assert.Equal((45, "non-core"), Answer(policy, Ordinary));
    }

    [Fact]
    public void The_sentence_says_when_a_notice_was_shortened_and_from_what()
    {
        var rule = Policy.EarliestClose(Ordinary with { Module = ModuleClass.Core, Use = UseLevel.None, AlternativeProven = true }, Told).Rule;

        Assert.Equal("a core module: 60 days instead of 90, for there is little use and a proven alternative", rule.En);
        Assert.Equal("核心模块：使用很少且替代方案已验证，由 90 天缩短为 60 天", rule.Zh);
    }

    [Theory]
    [InlineData(99, 1000, false)]
    [InlineData(100, 1000, true)]
    [InlineData(49, 98, true)]
    [InlineData(48, 98, false)]
    public void A_retirement_is_major_from_100_customers_or_half_of_all_on(int affected, int all, bool major) =>
        Assert.Equal(major, new MajorWhen().Holds(ModuleClass.NonCore, affected, all));

    [Fact]
    public void A_module_critical_for_enterprises_is_always_major() => Assert.True(new MajorWhen().Holds(ModuleClass.EnterpriseCritical, 0, 1000));

    [Theory]
    [InlineData(null, 100L, UseLevel.Unknown)]
    [InlineData(0L, null, UseLevel.None)]
    [InlineData(5L, 100L, UseLevel.Little)]
    [InlineData(5L, 99L, UseLevel.Regular)]
    [InlineData(6L, 1000L, UseLevel.Regular)]
    [InlineData(1L, null, UseLevel.Regular)]
    internal void Use_is_little_up_to_five_users_who_are_at_most_five_percent(long? users, long? active, UseLevel level) =>
        Assert.Equal(level, new LittleUse().LevelOf(users, active));

    private static void Decides(int days, string rule, NoticeQuestion question) => Assert.Equal((days, rule), Answer(Policy, question));

    private static (int, string) Answer(NoticePolicy policy, NoticeQuestion question)
    {
        var answer = policy.EarliestClose(question, Told);
        Assert.Equal(Told.AddDays(answer.Days), answer.Day);
        return (answer.Days, answer.RuleCode);
    }
}
