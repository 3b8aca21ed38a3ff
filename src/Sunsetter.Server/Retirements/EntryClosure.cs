namespace Sunsetter.Server.Retirements;

/// <summary>What was archived, exported, held and deleted of this customer (C2).</summary>
internal sealed record EntryClosure
{
    public EntryClosure Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
