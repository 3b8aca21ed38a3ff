using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Appends decided facts to their streams and folds the states that stand beside them. The caller saves.</summary>
internal sealed class Append(SunsetterDb db, RetirementId id, string by, DateTimeOffset at)
{
    private readonly HashSet<CustomerKey> gatesOf = [];
    private bool gateOfAll;

    /// <summary>The instant of the facts, as stored.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Whether applications must hear of it.</summary>
    public bool ChangesGates => gateOfAll || gatesOf.Count > 0;

    /// <summary>Whose gate changes by facts of their own entry.</summary>
    public IReadOnlyCollection<CustomerKey> GatesOf => gatesOf;

    public async Task<Retirement> Store(Retirement retirement, RetirementRow? row, Decision decision, CancellationToken cancel)
    {
        // The store keeps milliseconds; the state folded now must equal the state folded later.
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        At = at;
        var termsBefore = GateTerms.Of(retirement);
        row ??= db.Add(new RetirementRow { Id = id, Version = 0, Head = FactChain.Start, Module = default, Stage = default, State = "" }).Entity;

        var entries = new Dictionary<CustomerKey, (EntryRow Row, LedgerEntry State)>();
        foreach (var (customer, fact) in decision.Facts)
        {
            if (customer is { } key)
            {
                var (entryRow, state) = entries.TryGetValue(key, out var open) ? open : await Open(key, cancel);
                var recorded = Add(entryRow.Head, key, entryRow.Version + 1, fact, out var head);
                entryRow.Version++;
                entryRow.Head = head;
                var next = state.Apply(recorded);
                entries[key] = (entryRow, next);
                if (EntryGateTerms.Of(next) != EntryGateTerms.Of(state) || state.Version == 0)
                    gatesOf.Add(key);
            }
            else
            {
                var recorded = Add(row.Head, null, row.Version + 1, fact, out var head);
                row.Version++;
                row.Head = head;
                retirement = retirement.Apply(recorded);
            }
        }

        gateOfAll = GateTerms.Of(retirement) != termsBefore;
        row.Module = retirement.Module;
        row.Stage = retirement.Stage;
        row.State = States.Write(retirement);
        foreach (var (entryRow, state) in entries.Values)
        {
            entryRow.State = States.Write(state);
            entryRow.ClosedAt = state.ClosedAt;
            entryRow.EarliestOn = state.Earliest?.Day;
        }
        return retirement;
    }

    private async Task<(EntryRow, LedgerEntry)> Open(CustomerKey customer, CancellationToken cancel)
    {
        // A rule that looked at the entry has read the row already.
        var row = await db.Set<EntryRow>().FindAsync([id, customer], cancel);
        return row is null
            ? (db.Add(new EntryRow { Retirement = id, Customer = customer, Version = 0, Head = FactChain.Start, State = "" }).Entity, new LedgerEntry(id, customer))
            : (row, States.Read<LedgerEntry>(row.State));
    }

    private Recorded Add(byte[] previous, CustomerKey? customer, int version, Fact fact, out byte[] head)
    {
        var kind = FactKinds.NameOf(fact.GetType());
        var body = FactKinds.BodyOf(fact);
        head = FactChain.Link(previous, id.ToString(), customer?.Value ?? "", version, kind, at.ToUnixTimeMilliseconds(), by, body);
        db.Add(new FactRow { Retirement = id, Customer = customer?.Value ?? "", Version = version, Kind = kind, At = at, By = by, Body = body, Hash = head });
        return new Recorded(id, customer, version, at, Actor.PersonOf(by), fact) { Signed = by };
    }
}
