namespace Sunsetter.Server.Usage;

/// <summary>
/// Rows of customers' days as this node wrote them last. While nobody else has written for a customer, which the revision under the lock tells, what is stored is
/// known and need not be read back to be merged with. Used by the one writer of a node.
/// </summary>
internal sealed class WrittenRows
{
    // The days of some hundred busy customers; what is forgotten is read again.
    private const int Most = 2_000;

    private readonly Dictionary<int, Written> customers = [];
    private int count;

    /// <summary>Forgets the rows of those for whom somebody else has written. The caller holds their locks.</summary>
    /// <param name="locked">By customer, the revision that this transaction gave them.</param>
    public void Check(IEnumerable<(int Customer, long Revision)> locked)
    {
        foreach (var (customer, revision) in locked)
        {
            if (customers.TryGetValue(customer, out var known) && known.Revision + 1 != revision)
            {
                customers.Remove(customer);
                count -= known.Rows.Count;
            }
            if (!customers.TryGetValue(customer, out known))
                customers.Add(customer, known = new Written());
            known.Revision = revision;
        }
    }

    /// <summary>The row as it was written last, or an empty one that has not been read yet.</summary>
    public DayRow Of(int customer, int day, int block)
    {
        var rows = customers[customer].Rows;
        if (!rows.TryGetValue((day, block), out var row))
        {
            rows.Add((day, block), row = new DayRow(customer, day, block));
            count++;
        }
        return row;
    }

    public void KeepSmall()
    {
        if (count > Most)
            Clear();
    }

    public void Clear()
    {
        customers.Clear();
        count = 0;
    }

    private sealed class Written
    {
        public long Revision { get; set; }

        public Dictionary<(int Day, int Block), DayRow> Rows { get; } = [];
    }
}
