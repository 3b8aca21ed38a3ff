namespace Sunsetter.Server.Retirements;

/// <summary>Where a retirement stands. The first five are the way; the others are ends, or a pause.</summary>
public enum Stage
{
    Decide,
    Announce,
    Migrate,
    Close,
    Observe,
    Finished,
    Rejected,
    Deferred,
    Cancelled,
}
