using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Writes down how a drill ended, whether somebody looks or not.</summary>
internal sealed class FinishDrills(RestoreDrill drills) : IDueStep
{
    public string Name => "gate-drills";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public Task Run(DateTimeOffset now, CancellationToken cancel) => drills.Finish(now, cancel);
}
