namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its migrate stage.</summary>
internal sealed record Migrating
{
    public Migrating Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
