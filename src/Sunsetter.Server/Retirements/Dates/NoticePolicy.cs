using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// How much notice each customer is owed (N3), as data that an administrator edits. Of all rules that apply, and the customer's contract, the one that
/// asks for most decides; the floor is asked always.
/// </summary>
internal sealed record NoticePolicy : ISettings
{
    static string ISettings.Name => "notice-policy";

    public ImmutableArray<NoticeRule> Rules { get; init; } = NoticeDefaults.Rules;

    /// <summary>Who may be given a rule's shortest notice instead of its usual one. Unknown use never may.</summary>
    public NoticeCondition Shorten { get; init; } = NoticeDefaults.Shorten;

    /// <summary>Nobody is ever told later than this many days before closing.</summary>
    public int FloorDays { get; init; } = 30;

    /// <summary>What makes a retirement a major one.</summary>
    public MajorWhen Major { get; init; } = new();

    /// <summary>What counts as little use.</summary>
    public LittleUse Little { get; init; } = new();

    /// <summary>What happens to a closing day in a year whose holidays are not published.</summary>
    public UnknownYear UnknownYear { get; init; } = UnknownYear.RefuseUnlessConfirmed;

    /// <summary>Bounds of the observation window after closing (O1).</summary>
    public int ObservationDaysAtLeast { get; init; } = 7;
    public int ObservationDaysAtMost { get; init; } = 14;

    /// <summary>Roles that must approve a decision (A6).</summary>
    public ImmutableArray<Role> Approvals { get; init; } = [Role.Product, Role.Engineering, Role.Support, Role.Compliance];

    /// <param name="toldOn">The day on which the customer was or will be told, in their own time zone.</param>
    public EarliestClose EarliestClose(NoticeQuestion about, DateOnly toldOn)
    {
        var shortened = about.Use is not UseLevel.Unknown && Shorten.Holds(about);
        var asked = Rules.Where(rule => rule.When.Holds(about)).Select(rule => Ask(rule, shortened))
            .Prepend(new Asked("floor", FloorDays, new Text($"nobody is told later than {FloorDays} days before", $"任何客户都至少提前 {FloorDays} 天获得通知")));
        if (about.ContractNoticeDays is { } contract)
            asked = asked.Prepend(new Asked("contract", contract, new Text($"their contract promises {contract} days", $"合同约定提前 {contract} 天通知")));

        var most = asked.MaxBy(one => one.Days)!;
        return new EarliestClose(toldOn.AddDays(most.Days), most.Days, most.Code, most.Sentence);
    }

    /// <summary>The same, for somebody told at an instant.</summary>
    public EarliestClose EarliestClose(NoticeQuestion about, DateTimeOffset toldAt, TimeZoneInfo zone) => EarliestClose(about, Platform.Days.DayOf(toldAt, zone));

    private static Asked Ask(NoticeRule rule, bool shortened)
    {
        if (!shortened || rule.ShortestDays >= rule.Days)
            return new Asked(rule.Code, rule.Days, new Text($"{rule.Sentence.En}: {rule.Days} days", $"{rule.Sentence.Zh}：{rule.Days} 天"));
        return new Asked(rule.Code, rule.ShortestDays, new Text(
            $"{rule.Sentence.En}: {rule.ShortestDays} days instead of {rule.Days}, for there is little use and a proven alternative",
            $"{rule.Sentence.Zh}：使用很少且替代方案已验证，由 {rule.Days} 天缩短为 {rule.ShortestDays} 天"));
    }

    private sealed record Asked(string Code, int Days, Text Sentence);
}

/// <summary>A retirement is major when either bound is reached, or when its module is critical for enterprises.</summary>
internal sealed record MajorWhen
{
    public int CustomersAtLeast { get; init; } = 100;

    /// <summary>Percent of all customers.</summary>
    public int PercentOfCustomersAtLeast { get; init; } = 50;

    public bool Holds(ModuleClass module, int affected, int all) =>
        module == ModuleClass.EnterpriseCritical || affected >= CustomersAtLeast || all > 0 && affected * 100L >= (long)PercentOfCustomersAtLeast * all;
}

/// <summary>A customer uses a module little when both bounds hold.</summary>
internal sealed record LittleUse
{
    /// <summary>Different users in the last 90 days.</summary>
    public int UsersAtMost { get; init; } = 5;

    /// <summary>Percent of the customer's own active users.</summary>
    public int PercentAtMost { get; init; } = 5;

    /// <param name="users">Users of the module in the last 90 days; null where coverage is missing.</param>
    /// <param name="active">Users of anything in the same days; null where that is unknown, and then no use counts as little.</param>
    public UseLevel LevelOf(long? users, long? active) => users switch
    {
        null => UseLevel.Unknown,
        0 => UseLevel.None,
        var some when some <= UsersAtMost && active is { } all && some * 100 <= PercentAtMost * all => UseLevel.Little,
        _ => UseLevel.Regular,
    };
}

internal enum UnknownYear
{
    RefuseUnlessConfirmed,
    Refuse,
    Warn,
}
