using System.Collections.Immutable;
using CsCheck;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

/// <summary>What holds for every policy and every customer.</summary>
public sealed class NoticePolicyLawsTests
{
    private static readonly DateOnly Told = new(2026, 12, 1);

    private static readonly Gen<bool?> YesNoOrAny = Gen.Int[0, 2].Select(value => value == 2 ? (bool?)null : value == 1);

    private static readonly Gen<NoticeCondition> Conditions = Gen.Select(
        Some<ModuleClass>(), Some<CustomerClass>(), Some<UseLevel>(), YesNoOrAny, YesNoOrAny,
        (modules, customers, use, proven, major) => new NoticeCondition { Modules = modules, Customers = customers, Use = use, AlternativeProven = proven, Major = major });

    private static readonly Gen<NoticeRule> Rules = Gen.Select(Gen.Int[0, 400], Gen.Int[0, 400], Conditions,
        (one, other, when) => new NoticeRule("rule", new Text("a rule", "规则"), Math.Max(one, other), Math.Min(one, other)) { When = when });

    private static readonly Gen<NoticePolicy> Policies = Gen.Select(Rules.Array[0, 8], Gen.Int[0, 200], Conditions,
        (rules, floor, shorten) => new NoticePolicy { Rules = [.. rules], FloorDays = floor, Shorten = shorten });

    private static readonly Gen<NoticeQuestion> Questions = Gen.Select(
        Gen.Enum<ModuleClass>(), Gen.Enum<CustomerClass>(), Gen.Int[-1, 400], Gen.Enum<UseLevel>(), Gen.Bool, Gen.Bool,
        (module, customer, contract, use, proven, major) => new NoticeQuestion(module, customer, "standard", contract < 0 ? null : contract, use, proven, major));

    [Fact]
    public void The_floor_and_the_contract_always_hold() => Gen.Select(Policies, Questions).Sample((policy, question) =>
        policy.EarliestClose(question, Told).Day >= Told.AddDays(Math.Max(policy.FloorDays, question.ContractNoticeDays ?? 0)));

    [Fact]
    public void More_notice_in_the_contract_never_gives_an_earlier_day() => Gen.Select(Policies, Questions, Gen.Int[0, 400], Gen.Int[0, 400]).Sample((policy, question, one, other) =>
        policy.EarliestClose(question with { ContractNoticeDays = Math.Min(one, other) }, Told).Day <= policy.EarliestClose(question with { ContractNoticeDays = Math.Max(one, other) }, Told).Day);

    [Fact]
    public void One_rule_more_never_gives_an_earlier_day() => Gen.Select(Policies, Questions, Rules).Sample((policy, question, rule) =>
        policy.EarliestClose(question, Told).Day <= (policy with { Rules = policy.Rules.Add(rule) }).EarliestClose(question, Told).Day);

    [Fact]
    public void A_longer_rule_never_gives_an_earlier_day() => Gen.Select(Policies, Questions, Gen.Int[0, 100]).Sample((policy, question, more) =>
        policy.EarliestClose(question, Told).Day
        <= (policy with { Rules = [.. policy.Rules.Select(rule => rule with { Days = rule.Days + more, ShortestDays = rule.ShortestDays + more })] }).EarliestClose(question, Told).Day);

    [Fact]
    public void One_who_is_told_a_day_later_may_be_closed_a_day_later() => Gen.Select(Policies, Questions, Gen.Int[-500, 500]).Sample((policy, question, days) =>
        policy.EarliestClose(question, Told.AddDays(days)).Day == policy.EarliestClose(question, Told).Day.AddDays(days));

    [Fact]
    public void The_order_of_the_rules_does_not_change_the_day() => Gen.Select(Policies, Questions).Sample((policy, question) =>
        policy.EarliestClose(question, Told).Day == (policy with { Rules = [.. policy.Rules.Reverse()] }).EarliestClose(question, Told).Day);

    [Fact]
    public void Shortening_goes_no_lower_than_the_shortest_notice_of_each_rule_that_applies() => Gen.Select(Policies, Questions).Sample((policy, question) =>
        policy.Rules.Where(rule => rule.When.Holds(question)).All(rule => policy.EarliestClose(question, Told).Days >= rule.ShortestDays));

    [Fact]
    public void A_policy_written_as_a_document_reads_back_the_same() => Policies.Where(policy => policy.Rules.Length > 0).Sample(policy =>
    {
        var numbered = policy with
        {
            Rules = [.. policy.Rules.Select((rule, number) => rule with { Code = $"rule-{number}" })],
            Shorten = policy.Shorten with { Use = [.. policy.Shorten.Use.Where(use => use is not (UseLevel.Unknown or UseLevel.Vital))] },
        };
        var (read, errors) = PolicyDocument.Read(PolicyDocument.Write(numbered));
        return errors.Count == 0 && PolicyDocument.Write(read!) == PolicyDocument.Write(numbered);
    });

    private static Gen<ImmutableArray<T>> Some<T>() where T : struct, Enum => Gen.Enum<T>().Array[0, 2].Select(values => values.Distinct().ToImmutableArray());
}
