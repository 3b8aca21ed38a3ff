namespace Sunsetter.Server.Retirements;

/// <summary>How far this customer has moved to the replacement (G3), and what they asked for.</summary>
internal sealed record EntryMove
{
    public EntryMove Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
