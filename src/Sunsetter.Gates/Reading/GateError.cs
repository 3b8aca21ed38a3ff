namespace Sunsetter.Gates;

/// <summary>Why a document was refused.</summary>
/// <param name="Code">Stable: <c>json</c>, <c>format</c>, <c>missing</c>, <c>type</c>, <c>value</c>, <c>limit</c>, <c>duplicate</c>, <c>reference</c>, <c>order</c>.</param>
/// <param name="Path">Where, for example <c>modules[0].timelines.k3v9[2].from</c>.</param>
/// <param name="Message">A sentence for the person who has to mend it.</param>
public sealed record GateError(string Code, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message} ({Code})";
}
