using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.InApp;

/// <summary>What one person did with the in-app notice of one retirement.</summary>
internal sealed class InAppViewRow
{
    public required RetirementId Retirement { get; init; }
    public required string Customer { get; init; }
    public required string UserName { get; init; }

    /// <summary>Which notice; a moved date makes a new one, which is shown again.</summary>
    public required int Edition { get; init; }

    /// <summary>Last calendar day, in the customer's zone, on which it was on their screen.</summary>
    public DateOnly? SeenOn { get; set; }
    public DateTimeOffset? DismissedAt { get; set; }
    public DateTimeOffset? AcknowledgedAt { get; set; }
}

internal sealed class InAppTables : IStoredTables
{
    public static void Configure(ModelBuilder model) =>
        model.Entity<InAppViewRow>().HasKey(row => new { row.Retirement, row.Customer, row.UserName, row.Edition });
}
