namespace Sunsetter.Server.Retirements;

/// <summary>Tells the rest of this node that a retirement has changed: a hint to look now, never the truth itself.</summary>
internal sealed class Changes
{
    public event Action<RetirementId>? Raised;

    public void Raise(RetirementId id) => Raised?.Invoke(id);
}
