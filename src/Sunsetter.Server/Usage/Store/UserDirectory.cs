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

    /// <summary>The names of a customer, brought up to what is stored.</summary>
    public async Task<Utf8Names> Of(int customer, int stored, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        if (!names.TryGetValue(customer, out var known))
            names.Add(customer, known = new Utf8Names());
        if (known.Count < stored)
            await new RowsStatement(connection, transaction, """
                with wanted (customer_id, start) as (values {rows})
                select usage_user.name from wanted join usage_user on usage_user.customer_id = wanted.customer_id and usage_user.ordinal >= wanted.start
                order by usage_user.ordinal
                """).Read([[customer, known.Count]], reader => known.Add(reader.GetFieldValue<byte[]>(0)), cancel);
        if (known.Count != stored)
            throw new InvalidDataException($"The directory of customer {customer} holds {known.Count} users and {stored} are announced.");
        return known;
    }

    /// <summary>Forgets everything, because a transaction did not come through or memory is short.</summary>
    public void Clear() => names.Clear();

    public void KeepSmall()
    {
        if (names.Values.Sum(known => known.Memory) > MostMemory)
            names.Clear();
    }
}
