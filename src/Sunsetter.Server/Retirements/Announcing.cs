namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its announce stage.</summary>
internal sealed record Announcing
{
    public Announcing Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
