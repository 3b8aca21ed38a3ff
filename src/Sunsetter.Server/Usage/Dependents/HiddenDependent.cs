using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Why a customer may need a module that its figures do not show to be needed (A5).</summary>
internal enum DependenceKind
{
    /// <summary>On one weekday, week after week.</summary>
    Weekly,

    /// <summary>Around the end, or another day, of each month.</summary>
    Monthly,

    /// <summary>Around the end of each quarter, of the calendar or a fiscal year.</summary>
    QuarterEnd,

    /// <summary>Around the end of each half-year.</summary>
    HalfYear,

    /// <summary>At one time of the year.</summary>
    Yearly,

    /// <summary>A large part of what the customer does with the product at all.</summary>
    LargeShare,

    /// <summary>One to three people who do much with it.</summary>
    DecisiveUsers,

    /// <summary>A program rather than people: regular to the minute, or day and night alike.</summary>
    Integration,

    /// <summary>The contract is worth much.</summary>
    ContractValue,
}

/// <summary>One reason, with the points it adds to the score.</summary>
/// <param name="Reason">In one sentence.</param>
/// <param name="NextExpected">When periodic use is expected next.</param>
internal sealed record DependenceFlag(DependenceKind Kind, int Points, Text Reason, DateOnly? NextExpected = null);

/// <summary>A customer for whom the module may be vital.</summary>
/// <param name="Score">The sum of the flags' points, at most 100.</param>
/// <param name="Weeks">Users of each day added up over whole weeks (7 days up to the last day, and so on back), oldest first: the picture that shows the reasons. Null: a week without reports.</param>
internal sealed record HiddenDependent(CustomerKey Customer, int Score, IReadOnlyList<DependenceFlag> Flags, IReadOnlyList<int?> Weeks)
{
    /// <summary>A year and the weeks around its end, so that what comes once a year is seen twice.</summary>
    public const int WeeksShown = 57;

    /// <summary>The earliest day on which periodic use is expected next.</summary>
    public DateOnly? NextExpected => Flags.Min(flag => flag.NextExpected);
}

/// <summary>What the detector sees of one customer. The arrays have one element per day from <paramref name="From"/> on, the last being today.</summary>
/// <param name="Users">Users of the module.</param>
/// <param name="OwnUsers">Users of any module: the customer's whole activity.</param>
/// <param name="Known">False on days on which a source was silent.</param>
/// <param name="Minutes">Bit n: called in the n-th minute of some hour; zero where that is not known.</param>
/// <param name="AnnualValue">Contract value in a year.</param>
/// <param name="AllValue">Contract value of all customers, in the same currency.</param>
internal sealed record DependenceInput(
    CustomerKey Customer, DateOnly From, IReadOnlyList<int> Users, IReadOnlyList<long> Calls, IReadOnlyList<int> OwnUsers, IReadOnlyList<long> OwnCalls,
    IReadOnlyList<bool> Known, IReadOnlyList<long> Minutes, decimal AnnualValue, decimal AllValue)
{
    public int Today => Users.Count - 1;

    /// <summary>Users of each day added up over the last weeks, oldest first; null for a week without a known day.</summary>
    public List<int?> Weeks(int most)
    {
        var weeks = new List<int?>();
        for (var end = Today; end >= 6 && weeks.Count < most; end -= 7)
        {
            var days = Enumerable.Range(end - 6, 7).Where(day => Known[day] || Users[day] > 0).ToList();
            weeks.Add(days.Count == 0 ? null : days.Sum(day => Users[day]));
        }
        weeks.Reverse();
        return weeks;
    }

    public DateOnly Day(int position) => From.AddDays(position);

    /// <summary>Days with use, as positions.</summary>
    public List<int> Active() => [.. Enumerable.Range(0, Users.Count).Where(day => Users[day] > 0)];

    /// <summary>The latest known days, at most so many, oldest first.</summary>
    public List<int> LatestKnown(int most)
    {
        var days = Enumerable.Range(0, Users.Count).Where(day => Known[day]).TakeLast(most).ToList();
        return days;
    }
}
