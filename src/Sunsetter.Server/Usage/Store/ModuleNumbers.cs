using System.Data.Common;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Gives modules their numbers, of which there are only <see cref="UnknownKeys.MostModules"/>: the smallest that are free, so that a transaction that does not come
/// through uses up none. Used by the one writer of a node.
/// </summary>
internal sealed class ModuleNumbers
{
    private readonly Dictionary<string, int> numbers = [];

    public int this[string key] => numbers.GetValueOrDefault(key, -1);

    public void Clear() => numbers.Clear();

    /// <param name="keys">Those that are to have a number.</param>
    /// <param name="now">When those without one were met, in milliseconds since 1970.</param>
    public async Task Find(IEnumerable<string> keys, long now, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var missing = Missing(keys);
        await Read(missing, connection, transaction, cancel);
        missing = Missing(missing);
        if (missing.Count == 0)
            return;
        // One node at a time: until this transaction ends, nobody else gives a number.
        await new RowsStatement(connection, transaction, "insert into usage_lock (name) values {rows} on conflict (name) do update set name = excluded.name").Run([["modules"]], cancel);
        await Read(missing, connection, transaction, cancel);
        missing = Missing(missing);
        var taken = new HashSet<int>();
        await new RowsStatement(connection, transaction, "with wanted (least) as (values {rows}) select id from usage_module, wanted where id >= least")
            .Read([[1]], reader => taken.Add(reader.GetInt32(0)), cancel);
        var free = Enumerable.Range(1, UnknownKeys.MostModules).Where(number => !taken.Contains(number)).Take(missing.Count).ToList();
        if (free.Count < missing.Count)
            throw new InvalidDataException($"More than {UnknownKeys.MostModules} modules were ever reported; their numbers no longer fit into a day's set.");
        await new RowsStatement(connection, transaction, "insert into usage_module (id, key, first_seen) values {rows}")
            .Run([.. missing.Zip(free, (key, number) => (object[])[number, key, now])], cancel);
        foreach (var (key, number) in missing.Zip(free))
            numbers[key] = number;
    }

    private List<string> Missing(IEnumerable<string> keys) => [.. keys.Where(key => !numbers.ContainsKey(key)).Distinct().Order(StringComparer.Ordinal)];

    private Task Read(List<string> keys, DbConnection connection, DbTransaction transaction, CancellationToken cancel) =>
        new RowsStatement(connection, transaction, """
            with wanted (key) as (values {rows}) select usage_module.id, usage_module.key from wanted join usage_module on usage_module.key = wanted.key
            """).Read([.. keys.Select(key => (object[])[key])], reader => numbers[reader.GetString(1)] = reader.GetInt32(0), cancel);
}
