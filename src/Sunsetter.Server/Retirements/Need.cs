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
internal sealed record Need(Urgency Urgency, Stage Stage, Text Title, Text Why, Text Action, string Href, string? Person, IReadOnlyList<Role> Roles);

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
