namespace Sunsetter.Server.Retirements;

/// <summary>Something that happened. Appended, never changed. Who and when stand on the envelope, <see cref="Recorded"/>.</summary>
internal abstract record Fact;

/// <summary>A fact of the retirement as a whole.</summary>
internal abstract record RetirementFact : Fact;

/// <summary>A fact of one customer's entry in the closing ledger.</summary>
internal abstract record EntryFact : Fact;

/// <summary>The literal under which a kind of fact is stored; pinned by a test, never changed.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class StoredAsAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A fact with its place in the log.</summary>
/// <param name="Customer">Whose entry it belongs to; null for a fact of the retirement as a whole.</param>
/// <param name="Version">1 for the first fact of its stream, then without gaps.</param>
/// <param name="By">Whose deed it is: a person's e-mail address, <c>token:bootstrap</c>, <c>customer:EMAIL</c> or <c>sunsetter</c> for the clock.</param>
internal sealed record Recorded(RetirementId Retirement, CustomerKey? Customer, int Version, DateTimeOffset At, string By, Fact Fact)
{
    /// <summary>As it stands in the log and is shown: <see cref="By"/>, and the token that acted for them where one did.</summary>
    public string Signed { get; init; } = By;
}
