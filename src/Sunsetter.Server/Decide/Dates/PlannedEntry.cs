using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>One open entry as a new schedule would have it.</summary>
/// <param name="Day">Closing day in the vendor's zone.</param>
/// <param name="CustomersDay">The customer's own calendar day at that instant, or when the first share of its users closes; the promise is measured by it.</param>
/// <param name="Earliest">The first of the customer's days on which they may be closed.</param>
/// <param name="Before">The closing day by the schedule in force until now.</param>
internal sealed record PlannedEntry(LedgerEntry Entry, DateOnly Day, DateOnly CustomersDay, EarliestDay? Earliest, DateOnly? Before)
{
    public bool TooEarly => Earliest is { } earliest && CustomersDay < earliest.Day;
}
