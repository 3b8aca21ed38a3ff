namespace Sunsetter.Server.Retirements;

/// <summary>A fact as it is stored. The hash covers everything before it and the hash of the fact before.</summary>
internal sealed class FactRow
{
    public required RetirementId Retirement { get; init; }

    /// <summary>Empty for the retirement as a whole, else the customer's key.</summary>
    public required string Customer { get; init; }
    public required int Version { get; init; }
    public required string Kind { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }
    public required string Body { get; init; }
    public required byte[] Hash { get; init; }
}

/// <summary>The fold of a retirement's facts, kept beside them in the same transaction.</summary>
internal sealed class RetirementRow
{
    public required RetirementId Id { get; init; }
    public required int Version { get; set; }
    public required byte[] Head { get; set; }
    public required ModuleKey Module { get; set; }
    public required Stage Stage { get; set; }
    public required string State { get; set; }
}

/// <summary>An act that a request has done (<see cref="Platform.RepeatedRequests"/>).</summary>
internal sealed class DoneRequestRow
{
    public required string Key { get; init; }
    public required RetirementId Retirement { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>The fold of one entry's facts, with the columns that lists are filtered and sorted by.</summary>
internal sealed class EntryRow
{
    public required RetirementId Retirement { get; init; }
    public required CustomerKey Customer { get; init; }
    public required int Version { get; set; }
    public required byte[] Head { get; set; }
    public required string State { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public DateOnly? EarliestOn { get; set; }
}
