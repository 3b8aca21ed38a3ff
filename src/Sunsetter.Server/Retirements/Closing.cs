namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its close stage.</summary>
internal sealed record Closing
{
    public Closing Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
