using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>A stretch of time in which an emergency restore held the gate open.</summary>
/// <param name="Until">When it ends, or ended; null: until somebody ends it.</param>
internal sealed record OpenAgain(DateTimeOffset From, DateTimeOffset? Until)
{
    public bool Covers(DateTimeOffset instant) => instant >= From && (Until is null || instant < Until);

    internal static ImmutableArray<OpenAgain> Begin(ImmutableArray<OpenAgain> before, DateTimeOffset from, DateTimeOffset? until) => End(before, from).Add(new OpenAgain(from, until));

    /// <summary>Ends the last one at that instant, unless it had ended by itself before.</summary>
    internal static ImmutableArray<OpenAgain> End(ImmutableArray<OpenAgain> all, DateTimeOffset at) =>
        all.Length > 0 && (all[^1].Until is null || all[^1].Until > at) ? all.SetItem(all.Length - 1, all[^1] with { Until = at }) : all;
}
