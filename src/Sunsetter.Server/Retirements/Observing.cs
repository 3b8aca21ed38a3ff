namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its observe stage.</summary>
internal sealed record Observing
{
    public Observing Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
