namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its decide stage.</summary>
internal sealed record Deciding
{
    public Deciding Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
