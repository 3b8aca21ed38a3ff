namespace Sunsetter.Gates;

/// <summary>Whom to ask about a retiring module.</summary>
/// <param name="Name">A person or a desk.</param>
/// <param name="Url">An absolute http(s) address.</param>
/// <param name="Email">An address for mail.</param>
public sealed record GateContact(string? Name, string? Url, string? Email);
