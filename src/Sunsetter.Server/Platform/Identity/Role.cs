namespace Sunsetter.Server.Platform;

/// <summary>The roles of people inside (R4). What each may do stands in <see cref="Permissions"/>.</summary>
internal enum Role
{
    Product,
    Engineering,
    Qa,
    Operations,
    Support,
    Success,
    Sales,
    Compliance,
    Administrator,
}
