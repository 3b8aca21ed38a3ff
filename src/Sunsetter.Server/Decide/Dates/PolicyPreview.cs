using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>“This policy would give these dates”: the policy in force beside another one, for every retirement under way and every kind of customer.</summary>
internal sealed class PolicyPreview(FactLog log, Evidence evidence, Policies policies)
{
    /// <param name="Retirement">Null for a general example.</param>
    /// <param name="Example">Whom it is about.</param>
    /// <param name="NowDays">Days of notice by the policy in force.</param>
    /// <param name="ThenDays">Days of notice by the policy tried.</param>
    internal sealed record Line(RetirementId? Retirement, Text Example, int NowDays, int ThenDays, string NowRule, string ThenRule, Text Rule);

    public async Task<IReadOnlyList<Line>> Of(NoticePolicy tried, CancellationToken cancel) => [.. await Examples(tried, cancel), .. await UnderWay(tried, cancel)];

    private async Task<IEnumerable<Line>> Examples(NoticePolicy tried, CancellationToken cancel)
    {
        var current = await policies.Read(cancel);
        return
        [
            .. from module in Enum.GetValues<ModuleClass>()
               from customer in Enum.GetValues<CustomerClass>()
               from shortened in new[] { false, true }
               let question = new NoticeQuestion(module, customer, "", null, shortened ? UseLevel.Little : UseLevel.Regular, shortened, module == ModuleClass.EnterpriseCritical)
               select Compare(null, Example(question), question, current, tried),
        ];
    }

    private async Task<IReadOnlyList<Line>> UnderWay(NoticePolicy tried, CancellationToken cancel)
    {
        var current = await policies.Read(cancel);
        var seen = await evidence.See(cancel);
        var names = seen.Modules.ToDictionary(module => module.Key, module => module.Name);
        var lines = new List<Line>();
        foreach (var retirement in (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Decide or Stage.Announce or Stage.Migrate or Stage.Close))
        {
            var customers = AffectedCustomers.Of(retirement, seen);
            if (customers.Count == 0)
                continue;
            var (before, (bound, after)) = (Longest(retirement, customers, seen, current).Notice, Longest(retirement, customers, seen, tried));
            var name = names.GetValueOrDefault(retirement.Module, Text.Same(retirement.Module.Value));
            lines.Add(new Line(retirement.Id, new Text($"{name.En}: {Text.Many(customers.Count, "customer")}, bound by {bound.Opening.Name.En}", $"{name.Zh}：{customers.Count} 个客户，取决于 {bound.Opening.Name.Zh}"),
                before.Days, after.Days, before.RuleCode, after.RuleCode, after.Rule));
        }
        return lines;
    }

    /// <summary>Who must be told longest ahead, the first by key where several must.</summary>
    private static (AffectedCustomer Customer, EarliestClose Notice) Longest(Retirement retirement, IReadOnlyList<AffectedCustomer> customers, Seen seen, NoticePolicy policy)
    {
        var questions = NoticeQuestions.Of(retirement, [.. customers.Select(customer => customer.Key)], seen, policy);
        return customers.DistinctBy(customer => questions[customer.Key], ReferenceEqualityComparer.Instance).Select(customer => (customer, policy.EarliestClose(questions[customer.Key], DateOnly.MinValue))).MaxBy(one => one.Item2.Days);
    }

    private static Line Compare(RetirementId? retirement, Text example, NoticeQuestion question, NoticePolicy current, NoticePolicy tried)
    {
        var (now, then) = (current.EarliestClose(question, DateOnly.MinValue), tried.EarliestClose(question, DateOnly.MinValue));
        return new Line(retirement, example, now.Days, then.Days, now.RuleCode, then.RuleCode, then.Rule);
    }

    private static Text Example(NoticeQuestion question)
    {
        var (moduleEn, moduleZh) = question.Module switch
        {
            ModuleClass.NonCore => ("non-core module", "非核心模块"),
            ModuleClass.Core => ("core module", "核心模块"),
            _ => ("enterprise-critical module", "企业关键模块"),
        };
        var (customerEn, customerZh) = question.Class switch
        {
            CustomerClass.Standard => ("standard customer", "普通客户"),
            CustomerClass.Key => ("key customer", "重点客户"),
            _ => ("enterprise customer", "企业客户"),
        };
        return question.AlternativeProven
            ? new($"{moduleEn}, {customerEn}, little use, proven alternative", $"{moduleZh}，{customerZh}，使用很少，替代方案已验证")
            : new($"{moduleEn}, {customerEn}", $"{moduleZh}，{customerZh}");
    }
}
