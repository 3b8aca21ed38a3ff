using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Contacts from a file. One is known by customer and e-mail address; the customer must be known before.</summary>
internal sealed class ContactTaker(IDbContextFactory<SunsetterDb> databases) : IRecordTaker
{
    private readonly HashSet<object> written = [];

    public IReadOnlyList<string> Columns { get; } = ["customer", "email", "name", "role", "locale", "phone", "im_address"];

    public IReadOnlyList<string> Required { get; } = ["customer", "email"];

    public async Task<BatchResult> Take(IReadOnlyList<CsvRecord> batch, CsvColumns columns, CancellationToken cancel)
    {
        var result = new BatchResult(written);
        var drafts = new List<(CsvRecord Record, ContactDraft Draft)>();
        foreach (var record in batch)
        {
            var draft = Draft(record, columns);
            if ((record.Problem ?? draft.Check()) is { } refusal)
                result.Reject(record, refusal);
            else
                drafts.Add((record, draft));
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var keys = drafts.Select(pair => new CustomerKey(pair.Draft.Customer!)).Distinct().ToList();
        var customers = (await db.Set<Customer>().Where(customer => keys.Contains(customer.Key)).Select(customer => customer.Key).ToListAsync(cancel)).ToHashSet();
        var known = (await db.Set<Contact>().Where(contact => keys.Contains(contact.Customer)).ToListAsync(cancel)).ToDictionary(contact => (contact.Customer, contact.Email));
        foreach (var (record, draft) in drafts)
        {
            var (customer, email) = (new CustomerKey(draft.Customer!), draft.Email!.ToLowerInvariant());
            if (!customers.Contains(customer))
            {
                result.Reject(record, Contacts.UnknownCustomer(customer));
                continue;
            }
            var isNew = !known.TryGetValue((customer, email), out var contact);
            contact ??= known[(customer, email)] = db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = customer, Email = email }).Entity;
            result.Count((customer, email), isNew, Fields.Change(contact, () => draft.WriteTo(contact)));
        }
        await db.SaveChangesAsync(cancel);
        written.UnionWith(result.Written);
        return result;
    }

    public Task<BatchResult> Finish(CsvColumns columns, CancellationToken cancel) => Task.FromResult(new BatchResult());

    private static ContactDraft Draft(CsvRecord record, CsvColumns columns) => new()
    {
        Customer = columns.Cell(record, "customer"), Email = columns.Cell(record, "email")?.ToLowerInvariant(), Name = columns.Cell(record, "name"), Role = columns.Cell(record, "role"),
        Locale = columns.Cell(record, "locale"), Phone = columns.Cell(record, "phone"), ImAddress = columns.Cell(record, "im_address"),
    };
}
