namespace Sunsetter.Client.AspNetCore;

/// <summary>On whose behalf a request is made.</summary>
/// <param name="Customer">The customer's id as Sunsetter knows it; null: nobody in particular.</param>
/// <param name="User">The user's id; null: nobody in particular.</param>
public readonly record struct Caller(string? Customer, string? User);
