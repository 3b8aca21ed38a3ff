using System.Data.Common;
using System.Text;

namespace Sunsetter.Server.Usage;

/// <summary>Turns the stored names of a customer's users into hashes, in place: everybody keeps their number, so that no figure changes. The caller holds the customer's lock.</summary>
internal static class HashNames
{
    public static async Task Of(int customer, string key, UserNaming naming, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var (customerName, blocks) = (Encoding.UTF8.GetBytes(key), new List<object[]>());
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id) as (values {rows})
            select stored.start, stored.names from wanted join usage_user stored on stored.customer_id = wanted.customer_id
            """).Read([[customer]], reader => blocks.Add([customer, reader.GetInt32(0), Hashed(reader.GetFieldValue<byte[]>(1), customerName, naming)]), cancel);
        await new RowsStatement(connection, transaction, """
            insert into usage_user (customer_id, start, names) values {rows} on conflict (customer_id, start) do update set names = excluded.names
            """).Run(blocks, cancel);
        // Every node that has read the names reads them anew.
        await new RowsStatement(connection, transaction, """
            with renamed (id) as (values {rows}) update usage_customer set hashed = 1, names_revision = names_revision + 1 from renamed where usage_customer.id = renamed.id
            """).Run([[customer]], cancel);
    }

    private static byte[] Hashed(byte[] block, byte[] customer, UserNaming naming)
    {
        var names = new Utf8Names();
        var number = 0;
        for (var at = 0; at < block.Length; number++)
            if (names.Add(naming.Stored(customer, NameBlock.Next(block, ref at))) != number)
                throw new InvalidDataException("Two users of a customer have one hash.");
        return NameBlock.Write(names, 0, names.Count);
    }
}
