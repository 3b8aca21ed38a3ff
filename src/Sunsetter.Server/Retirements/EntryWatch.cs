namespace Sunsetter.Server.Retirements;

/// <summary>Who of this customer still knocks after closing (O1).</summary>
internal sealed record EntryWatch
{
    public EntryWatch Apply(Recorded happened) => happened.Fact switch
    {
        _ => this,
    };
}
