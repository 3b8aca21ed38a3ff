using System.Data.Common;

namespace Sunsetter.Server.Usage;

/// <summary>
/// The ordinals of the users of each customer. A customer's names are a list that only grows, so what this node has read is always
/// a beginning of what is stored: comparing lengths shows what another node has added. Used by the one writer of a node.
/// </summary>
internal sealed class UserDirectory
{
    private const long MostMemory = 256 << 20;

    private readonly Dictionary<int, Utf8Names> names = [];

    /// <summary>Another one after each <see cref="Clear"/>: numbers that were found before may no longer be right.</summary>
    public object Generation { get; private set; } = new();

    /// <summary>The names of the customers, brought up to what is stored.</summary>
    /// <param name="stored">For each customer, how many names are stored.</param>
    public async Task<IReadOnlyDictionary<int, Utf8Names>> Of(IReadOnlyDictionary<int, int> stored, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var behind = new List<object[]>();
        foreach (var (customer, count) in stored)
        {
            if (!names.TryGetValue(customer, out var known))
                names.Add(customer, known = new Utf8Names());
            if (known.Count < count)
                behind.Add([customer, known.Count]);
        }
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id, start) as (values {rows})
            select stored.customer_id, stored.names from wanted join usage_user stored on stored.customer_id = wanted.customer_id and stored.start >= wanted.start
            order by stored.customer_id, stored.start
            """).Read(behind, reader => NameBlock.AddTo(names[reader.GetInt32(0)], reader.GetFieldValue<byte[]>(1)), cancel);
        foreach (var (customer, count) in stored)
            if (names[customer].Count != count)
                throw new InvalidDataException($"The directory of customer {customer} holds {names[customer].Count} users and {count} are announced.");
        return names;
    }

    /// <summary>Forgets everything, because a transaction did not come through or memory is short.</summary>
    public void Clear()
    {
        names.Clear();
        Generation = new();
    }

    public void KeepSmall()
    {
        if (names.Values.Sum(known => known.Memory) > MostMemory)
            Clear();
    }
}
