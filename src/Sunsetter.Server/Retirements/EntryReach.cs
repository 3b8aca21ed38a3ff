namespace Sunsetter.Server.Retirements;

/// <summary>What this customer was told, and whether someone alive has received, read and acknowledged it (N6).</summary>
internal sealed record EntryReach
{
    public EntryReach Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
