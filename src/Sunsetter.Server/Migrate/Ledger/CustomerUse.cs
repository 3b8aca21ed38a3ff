using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Migrate;

/// <summary>What usage says of one customer at a moment.</summary>
/// <param name="Weeks">Users of the old module in each of the last 13 weeks, oldest first.</param>
internal sealed record CustomerUse(MoveState State, long? Old, long? New, long? Both, Text Evidence, IReadOnlyList<long> Weeks, DateOnly? NextUseOn, Projection.Result Projection)
{
    public const int ShownWeeks = 13;

    /// <param name="year">Users of the old module week by week over a year or so, oldest first.</param>
    public static CustomerUse Of(CustomerStanding standing, IReadOnlyList<long> year, bool hasReplacement, DateOnly until)
    {
        var state = standing.State switch
        {
            Standing.Moved => MoveState.Moved,
            Standing.Moving => MoveState.Moving,
            Standing.Quiet => MoveState.Quiet,
            Standing.WentBack => MoveState.WentBack,
            Standing.Staying => MoveState.NotStarted,
            // Without a replacement nothing can be missing from its reports.
            _ => !hasReplacement && standing.OldUsers > 0 ? MoveState.NotStarted : MoveState.Unknown,
        };
        var known = standing.State != Standing.Unknown || standing.OldUsers > 0;
        return new(state, known ? standing.OldUsers : null, known ? standing.NewUsers : null, known ? standing.Both : null, standing.Evidence,
            [.. year.TakeLast(ShownWeeks)], standing.ExpectedAgain, Migrate.Projection.Of(year, until));
    }

    /// <summary>A customer of whom nobody ever reported anything about either module.</summary>
    /// <param name="covered">The old module's reports are complete: then it is known that they do not use it.</param>
    public static CustomerUse Silent(bool covered) => covered
        ? new(MoveState.Quiet, 0, 0, 0, new("No use of either module is on record, and its reports are complete.", "没有任何使用记录，且上报数据完整。"), [], null, new(Outlook.Done, null, null, null))
        : new(MoveState.Unknown, null, null, null, new("Nothing was ever reported about this customer.", "从未收到该客户的使用上报。"), [], null, new(Outlook.Unknown, null, null, null));
}
