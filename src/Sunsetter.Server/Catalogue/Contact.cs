using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>A person at a customer who may be written to.</summary>
internal sealed class Contact : IStamped
{
    public required Guid Id { get; init; }
    public required CustomerKey Customer { get; init; }

    /// <summary>Lower-cased; unique within the customer.</summary>
    public required string Email { get; init; }
    public string Name { get; set; } = "";

    /// <summary>administrator, technical, business, billing …; the administrator is written to first.</summary>
    public string Role { get; set; } = "administrator";
    public string Locale { get; set; } = "zh-CN";
    public string? Phone { get; set; }
    public string? ImAddress { get; set; }

    /// <summary>Since when mail to them fails for good, or they are known to have left; null while alive.</summary>
    public DateTimeOffset? DeadSince { get; set; }
    public string? DeadReason { get; set; }
}
