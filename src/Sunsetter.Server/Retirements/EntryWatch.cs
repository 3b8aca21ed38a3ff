namespace Sunsetter.Server.Retirements;

/// <summary>Who of this customer still knocks after closing (O1).</summary>
internal sealed record EntryWatch
{
    /// <summary>The one case of this customer; null: nobody knocked.</summary>
    public KnockCase? Case { get; init; }

    public EntryWatch Apply(Recorded happened) => happened.Fact switch
    {
        CaseOpened fact => this with { Case = new KnockCase(fact.Owner, happened.At, fact.Calls, fact.Users, fact.LastCall) },
        CaseAssigned fact => this with { Case = Case! with { Owner = fact.Owner } },
        CaseClosed fact => this with { Case = Case! with { ClosedAt = happened.At, Ending = fact.Ending, Note = fact.Note } },
        CaseReopened fact => this with { Case = Case! with { ClosedAt = null, Ending = null, Calls = fact.Calls, Users = fact.Users, LastCall = fact.LastCall } },
        _ => this,
    };
}

/// <param name="Calls">Refused calls when it was opened or opened again; live figures come from usage.</param>
internal sealed record KnockCase(string Owner, DateTimeOffset OpenedAt, long Calls, int Users, DateTimeOffset LastCall)
{
    public DateTimeOffset? ClosedAt { get; init; }
    public CaseEnding? Ending { get; init; }
    public string? Note { get; init; }

    public bool IsOpen => ClosedAt is null;
}
