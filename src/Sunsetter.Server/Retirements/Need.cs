using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

internal enum Urgency
{
    Calm,
    Soon,
    Late,
}

/// <summary>Something that waits for somebody: a line of "Needs you" on Today.</summary>
/// <param name="Title">A sentence: what is the case.</param>
/// <param name="Why">One or two sentences of evidence.</param>
/// <param name="Action">The words on the button: the next step.</param>
/// <param name="Href">Where the next step is done.</param>
/// <param name="Person">E-mail address of the one person it waits for; null for everybody with one of <paramref name="Roles"/>.</param>
/// <param name="Takes">What the step takes; it waits for nobody who may not do it.</param>
internal sealed record Need(Urgency Urgency, Stage Stage, Text Title, Text Why, Text Action, string Href, string? Person, IReadOnlyList<Role> Roles, Permission Takes)
{
    /// <summary>Who may not take this step whatever else they may: the author of what is approved, whoever has had their say.</summary>
    public IReadOnlyList<string?> NotBy { get; init; } = [];

    /// <summary>It is said in the name of one of <see cref="Roles"/>: an administrator without the role cannot say it.</summary>
    public bool InRole { get; init; }

    public bool MayBeDoneBy(string person, IReadOnlyCollection<Role> roles, IReadOnlySet<Permission> permissions) =>
        permissions.Contains(Takes) && !NotBy.Contains(person, StringComparer.OrdinalIgnoreCase) && (!InRole || Roles.Any(roles.Contains));
}

/// <summary>A stage's answer to "what needs me?". Computed from state at each look; nothing is stored.</summary>
internal interface INeeds
{
    Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>What keeps a retirement from its next stage, and who owns it.</summary>
internal sealed record Blocker(Stage Stage, Text Sentence, string? Owner, string Href);

/// <summary>A stage's answer to "what blocks us?".</summary>
internal interface IBlockers
{
    Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel);
}
