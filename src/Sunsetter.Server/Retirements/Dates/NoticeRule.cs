using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>One line of the notice policy: to whom it applies and how much notice it asks for.</summary>
/// <param name="Code">Stable, shown beside every date it decides: lower-case letters, digits and <c>-</c>.</param>
/// <param name="Sentence">Why, as a person reads it; the number of days is added.</param>
/// <param name="Days">Calendar days of notice.</param>
/// <param name="ShortestDays">What little use together with a proven alternative may shorten it to; equal to <paramref name="Days"/> where nothing may.</param>
internal sealed record NoticeRule(string Code, Text Sentence, int Days, int ShortestDays)
{
    public NoticeCondition When { get; init; } = new();
}

/// <summary>Which customers a rule is about. An empty list means "any"; every part given must hold.</summary>
internal sealed record NoticeCondition
{
    public ImmutableArray<ModuleClass> Modules { get; init; } = [];
    public ImmutableArray<CustomerClass> Customers { get; init; } = [];

    /// <summary>Names of plans; capitals do not matter.</summary>
    public ImmutableArray<string> Tiers { get; init; } = [];
    public ImmutableArray<UseLevel> Use { get; init; } = [];
    public bool? AlternativeProven { get; init; }
    public bool? Major { get; init; }

    public bool Holds(NoticeQuestion about) =>
        Any(Modules, about.Module) && Any(Customers, about.Class) && Any(Use, about.Use)
        && (Tiers.IsDefaultOrEmpty || Tiers.Contains(about.Tier, StringComparer.OrdinalIgnoreCase))
        && (AlternativeProven is null || AlternativeProven == about.AlternativeProven)
        && (Major is null || Major == about.Major);

    private static bool Any<T>(ImmutableArray<T> wanted, T actual) => wanted.IsDefaultOrEmpty || wanted.Contains(actual);
}
