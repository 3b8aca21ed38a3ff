using System.Data.Common;

namespace Sunsetter.Server.Usage;

/// <summary>
/// The ordinals of the users of each customer. A customer's names are a list that grows at its end, so what this node has read is a beginning of what is stored:
/// comparing lengths shows what another node has added. Where names were overwritten their revision has changed, and they are read anew. Used by the one writer of a node.
/// </summary>
internal sealed class UserDirectory
{
    private const long MostMemory = 256 << 20;

    private readonly Dictionary<int, Utf8Names> names = [];
    private readonly Dictionary<int, long> revisions = [];

    /// <summary>Another one whenever numbers that were found before may no longer be right.</summary>
    public object Generation { get; private set; } = new();

    /// <summary>The names of the customers, brought up to what is stored.</summary>
    /// <param name="stored">What is stored of each customer, as read with the row that is locked.</param>
    public async Task<IReadOnlyDictionary<int, Utf8Names>> Of(IReadOnlyDictionary<int, StoredNames> stored, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var behind = new List<object[]>();
        foreach (var (customer, now) in stored)
        {
            if (revisions.TryGetValue(customer, out var revision) && revision != now.Revision)
            {
                names.Remove(customer);
                Generation = new();
            }
            revisions[customer] = now.Revision;
            if (!names.TryGetValue(customer, out var known))
                names.Add(customer, known = new Utf8Names());
            if (known.Count < now.Count)
                behind.Add([customer, known.Count]);
        }
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id, start) as (values {rows})
            select stored.customer_id, stored.names from wanted join usage_user stored on stored.customer_id = wanted.customer_id and stored.start >= wanted.start
            order by stored.customer_id, stored.start
            """).Read(behind, reader => NameBlock.AddTo(names[reader.GetInt32(0)], reader.GetFieldValue<byte[]>(1)), cancel);
        foreach (var (customer, now) in stored)
            if (names[customer].Count != now.Count)
                throw new InvalidDataException($"The directory of customer {customer} holds {names[customer].Count} users and {now.Count} are announced.");
        return names;
    }

    /// <summary>Forgets everything, because a transaction did not come through or memory is short.</summary>
    public void Clear()
    {
        names.Clear();
        revisions.Clear();
        Generation = new();
    }

    public void KeepSmall()
    {
        if (names.Values.Sum(known => known.Memory) > MostMemory)
            Clear();
    }
}

/// <summary>How many names of a customer's users are stored, and how often some of them were overwritten.</summary>
internal readonly record struct StoredNames(int Count, long Revision);
