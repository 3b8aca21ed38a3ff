using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>One retirement of the demo, as it is told: days count back from today.</summary>
/// <param name="Worse">Capabilities the replacement lacks or has in part, each with what people do then.</param>
/// <param name="Research">A talk with a customer: who, with whom, what they said.</param>
internal sealed record DemoStory(
    string Module, string? Replacement, Reason[] Reasons, IReadOnlyDictionary<string, (CapabilityCoverage Coverage, string Note)> Worse,
    (string Customer, string With, string Finding) Research, (Leaning Leaning, string Words) Operations, (Leaning Leaning, string Words) Support, int Proposed, int Approved)
{
    /// <summary>Days ahead of today (negative: ago) on which it should close; the first lawful day from there on is taken.</summary>
    public int Closes { get; init; }

    /// <summary>How far it has come.</summary>
    public Stage Reaches { get; init; } = Stage.Decide;

    /// <summary>What customers do where nothing takes its place.</summary>
    public Text? Instead { get; init; }
}
