using System.Text.Json.Serialization;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Active users of one module (A1). Users are counted exactly; one person at two customers counts twice.</summary>
/// <param name="Day">Users active on the last day.</param>
/// <param name="Week">Users active in the 7 days up to it.</param>
/// <param name="Month">Users active in the 28 days up to it.</param>
/// <param name="Trend">Change of <paramref name="Month"/> against the 28 days before, as a share (-0.2: a fifth fewer); null where those had nobody or are not covered.</param>
internal sealed record ModuleActivity(
    ModuleKey Module, DateOnly Until, long Day, long Week, long Month, double? Trend, IReadOnlyList<DayActivity> Days,
    IReadOnlyList<WeekActivity> Weeks, IReadOnlyList<TierActivity> Tiers, Coverage Coverage);

/// <param name="Covered">False where the day is not known: the figures are lower bounds.</param>
internal sealed record DayActivity(DateOnly Day, long Users, int Customers, long Calls, bool Covered);

/// <summary>Users active in the 7 days up to <paramref name="Until"/>.</summary>
internal sealed record WeekActivity(DateOnly Until, long Users, int Customers, long Calls, bool Covered);

/// <param name="Tier">As in the catalogue; "unknown" for customers it does not hold.</param>
/// <param name="Customers">With use in the 28 days.</param>
/// <param name="Trend">As that of the module.</param>
internal sealed record TierActivity(string Tier, int Customers, long Day, long Week, long Month, double? Trend);

/// <summary>One customer's use of one module.</summary>
/// <param name="Known">The catalogue holds the customer.</param>
/// <param name="Weeks">Users active in each of the last weeks (7 days up to the last day, and so on back), oldest first.</param>
/// <param name="Trend">As that of the module.</param>
/// <param name="LastUse">Last day with use in the stretch that was asked for; null: none in it.</param>
internal sealed record CustomerActivity(
    CustomerKey Customer, string Tier, bool Known, long Day, long Week, long Month, long CallsOfMonth, double? Trend,
    DateOnly? FirstUse, DateOnly? LastUse, IReadOnlyList<long> Weeks)
{
    [JsonIgnore] public Active Active { get; init; }
}

/// <summary>How many people used something: on the last day, in the 7 and in the 28 days up to it, and in the 28 days before those.</summary>
internal readonly record struct Active(long Day, long Week, long Month, long Before)
{
    public static Active Of(CustomerDays use, int last) =>
        new(use.Users[last]?.Count ?? 0, use.Union(last - 6, last).Count, use.Union(last - UsageQuestions.Month + 1, last).Count, use.Union(last - 2 * UsageQuestions.Month + 1, last - UsageQuestions.Month).Count);
}

/// <summary>A module at a glance, for lists.</summary>
/// <param name="Weeks">Weekly active users, oldest first.</param>
/// <param name="LastUse">Last day with use in these weeks.</param>
internal sealed record ModuleGlance(ModuleKey Module, bool Known, long Month, int CustomersOfMonth, double? Trend, IReadOnlyList<long> Weeks, DateOnly? LastUse, Coverage Coverage);

/// <summary>One customer between an old module and its replacement, over a stretch of days.</summary>
internal sealed record Overlap(CustomerKey Customer, long Old, long New, long Both)
{
    public long OnlyOld => Old - Both;
    public long OnlyNew => New - Both;
}

/// <summary>A user who is on the old module and not on the replacement.</summary>
/// <param name="Name">The id the application gave; null where ids are kept as hashes.</param>
internal sealed record UserOnOld(CustomerKey Customer, string? Name, DateOnly LastUse);

/// <summary>Of the users who were new to a module in a week, how many used it again.</summary>
/// <param name="Week">First day of the seven.</param>
/// <param name="StillActive">Of <paramref name="Users"/>, those active in the last 28 days asked for; null: too young, their first use itself lies in these days.</param>
internal sealed record RetentionCohort(DateOnly Week, long Users, long? StillActive);

/// <summary>A module used by the same users on the same day.</summary>
/// <param name="UserDays">Pairs of user and day on which both were used.</param>
/// <param name="Share">Of all pairs of user and day of the module asked about.</param>
internal sealed record Neighbour(ModuleKey Module, long UserDays, double Share);

/// <summary>What one customer uses.</summary>
/// <param name="ShareOfCalls">Of all the customer's calls in the 28 days.</param>
internal sealed record CustomerModuleUse(
    ModuleKey Module, bool Known, long Month, long CallsOfMonth, double ShareOfCalls, DateOnly? LastUse, IReadOnlyList<long> Weeks, Coverage Coverage);

/// <summary>Calls refused by a closed gate.</summary>
internal sealed record RefusedCalls(long Calls, IReadOnlyList<RefusedHour> Hours, IReadOnlyList<RefusedCustomer> Customers);

internal sealed record RefusedHour(DateTimeOffset Hour, long Calls, int Users);

/// <param name="UserCount">All of them; <paramref name="Users"/> are those with the most calls.</param>
internal sealed record RefusedCustomer(CustomerKey Customer, long Calls, DateTimeOffset First, DateTimeOffset Last, int UserCount, IReadOnlyList<RefusedUser> Users);

/// <param name="Name">Null where ids are kept as hashes.</param>
/// <param name="First">Start of the first hour with a refused call.</param>
internal sealed record RefusedUser(string? Name, long Calls, DateTimeOffset First, DateTimeOffset Last);
