using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Customers from a file: new ones are added, known ones changed where the file says otherwise.</summary>
internal sealed class CustomerTaker(IDbContextFactory<SunsetterDb> databases) : IRecordTaker
{
    private readonly HashSet<object> written = [];

    public IReadOnlyList<string> Columns { get; } =
        ["key", "name", "name_zh", "tier", "class", "account_manager", "annual_value", "currency", "contract_notice_days", "time_zone", "locale", "country"];

    public IReadOnlyList<string> Required { get; } = ["key"];

    public async Task<BatchResult> Take(IReadOnlyList<CsvRecord> batch, CsvColumns columns, CancellationToken cancel)
    {
        var result = new BatchResult(written);
        var drafts = new List<CustomerDraft>();
        foreach (var record in batch)
        {
            var draft = Draft(record, columns, out var problem);
            if ((problem ?? draft.Check()) is { } refusal)
                result.Reject(record, refusal);
            else
                drafts.Add(draft);
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var keys = drafts.Select(draft => new CustomerKey(draft.Key!)).Distinct().ToList();
        var known = await db.Set<Customer>().Where(customer => keys.Contains(customer.Key)).ToDictionaryAsync(customer => customer.Key, cancel);
        foreach (var draft in drafts)
        {
            var key = new CustomerKey(draft.Key!);
            var isNew = !known.TryGetValue(key, out var customer);
            customer ??= known[key] = db.Add(new Customer { Key = key }).Entity;
            result.Count(key, isNew, Fields.Change(customer, () => draft.WriteTo(customer, isNew)));
        }
        await db.SaveChangesAsync(cancel);
        written.UnionWith(result.Written);
        return result;
    }

    public Task<BatchResult> Finish(CsvColumns columns, CancellationToken cancel) => Task.FromResult(new BatchResult());

    private static CustomerDraft Draft(CsvRecord record, CsvColumns columns, out Refusal? problem)
    {
        string? Cell(string column) => columns.Cell(record, column);
        var value = Fields.Number(Cell("annual_value"), "annual_value", out var badValue);
        var notice = Fields.Whole(Cell("contract_notice_days"), "contract_notice_days", out var badNotice);
        problem = record.Problem ?? badValue ?? badNotice;
        return new CustomerDraft
        {
            Key = Cell("key"), Name = Cell("name"), NameZh = Cell("name_zh"), Tier = Cell("tier"), Class = Cell("class"), AccountManager = Cell("account_manager"),
            AnnualValue = value, Currency = Cell("currency"), ContractNoticeDays = notice, NoContractNotice = Cell("contract_notice_days") == "",
            TimeZone = Cell("time_zone"), Locale = Cell("locale"), Country = Cell("country"),
        };
    }
}
