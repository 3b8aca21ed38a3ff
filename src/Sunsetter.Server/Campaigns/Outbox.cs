using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>Where messages wait. Asking for one that is there already changes nothing.</summary>
internal sealed class Outbox(IDbContextFactory<SunsetterDb> databases, Settings settings, TimeProvider clock)
{
    /// <summary>How steps begin that a customer asked for. They are not held back, and no notice overtakes them.</summary>
    public const string AskedFor = "portal-link-";

    private const int Batch = 200;

    /// <summary>Adds those that are not there yet; answers how many were new.</summary>
    public async Task<int> Add(IReadOnlyCollection<Draft> drafts, CancellationToken cancel)
    {
        var host = HostOf((await settings.Get<Workspace>(cancel)).PublicUrl);
        var now = clock.GetUtcNow();
        var added = 0;
        foreach (var batch in drafts.DistinctBy(draft => draft.Key.ToString()).Chunk(Batch))
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var keys = batch.Select(draft => draft.Key.ToString()).ToList();
            var known = await db.Set<MessageRow>().Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancel);
            db.AddRange(batch.Where(draft => !known.Contains(draft.Key.ToString())).Select(draft => Row(draft, host, now)));
            try
            {
                added += await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException overtaken) when (overtaken.InnerException is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 19 } or System.Data.Common.DbException { SqlState: "23505" })
            {
                // Another node asked for one of them at the same moment. What is still missing is asked for again at the next turn.
            }
        }
        return added;
    }

    /// <summary>The same for one customer, or with an empty key for what concerns no single one.</summary>
    public Task<int> Withdraw(RetirementId retirement, CustomerKey customer, IReadOnlyCollection<string> exceptSteps, CancellationToken cancel) => Withdraw(retirement, [customer], exceptSteps, cancel);

    /// <summary>Takes back what still waits for these customers, but for the newest step. An attempt that is under way can no longer be stopped; it is the last one.</summary>
    public async Task<int> Withdraw(RetirementId retirement, IReadOnlyCollection<CustomerKey> customers, IReadOnlyCollection<string> exceptSteps, CancellationToken cancel)
    {
        var (now, names) = (clock.GetUtcNow(), customers.Select(customer => customer.Value).ToList());
        await using var db = await databases.CreateDbContextAsync(cancel);
        var overtaken = db.Set<MessageRow>().Where(row => row.Retirement == retirement && names.Contains(row.Customer) && row.State == MessageState.Waiting && !exceptSteps.Contains(row.Step) && !row.Step.StartsWith(AskedFor));
        // First nobody may claim it any more; then what nobody is sending has ended.
        await overtaken.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, MessageRow.Never), cancel);
        return await Withdraw(overtaken, now, cancel);
    }

    /// <summary>Ends what was overtaken while it was being sent, where the sender did not come back to write down how that went.</summary>
    public async Task<int> WithdrawStopped(RetirementId retirement, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Withdraw(db.Set<MessageRow>().Where(row => row.Retirement == retirement && row.State == MessageState.Waiting && row.NextAttemptAt == MessageRow.Never), now, cancel);
    }

    /// <summary>Forgets what waits for customers and nobody is sending, so that it can be asked for again in other words.</summary>
    public async Task<int> Drop(RetirementId retirement, string stepPrefix, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<MessageRow>()
            .Where(row => row.Retirement == retirement && row.Customer != "" && row.State == MessageState.Waiting && row.Step.StartsWith(stepPrefix) && row.LeaseUntil <= now && row.NextAttemptAt != MessageRow.Never)
            .ExecuteDeleteAsync(cancel);
    }

    private static Task<int> Withdraw(IQueryable<MessageRow> messages, DateTimeOffset now, CancellationToken cancel) =>
        messages.Where(row => row.LeaseUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MessageState.Withdrawn).SetProperty(row => row.EndedAt, now).SetProperty(row => row.ReportedAt, now), cancel);

    /// <summary>The keys of every message of a retirement to these customers, whatever became of it.</summary>
    public async Task<IReadOnlySet<string>> Keys(RetirementId retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var names = customers.Select(customer => customer.Value).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await db.Set<MessageRow>().Where(row => row.Retirement == retirement && names.Contains(row.Customer)).Select(row => row.Key).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What was posted or waits to be posted to whom, of a retirement and no single customer, the oldest first.</summary>
    public async Task<IReadOnlyList<(string Channel, string Step)>> Posts(RetirementId retirement, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var posts = await db.Set<MessageRow>().Where(row => row.Retirement == retirement && row.Customer == "" && row.State != MessageState.Withdrawn).OrderBy(row => row.Id).Select(row => new { row.Recipient, row.Step }).ToListAsync(cancel);
        return [.. posts.Select(post => (post.Recipient, post.Step))];
    }

    /// <summary>The messages of a retirement without their letters, newest first.</summary>
    public async Task<IReadOnlyList<MessageSummary>> Of(RetirementId retirement, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<MessageRow>().AsNoTracking().Where(row => row.Retirement == retirement).OrderByDescending(row => row.Id)
            .Select(row => new MessageSummary(row.Customer, row.Step, row.Recipient, row.Channel, row.State, row.Attempts, row.NextAttemptAt, row.Failure)).ToListAsync(cancel);
    }

    /// <summary>How many messages of each channel are in which state, in all retirements.</summary>
    public async Task<IReadOnlyList<(string Channel, MessageState State, int Count)>> Totals(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var totals = await db.Set<MessageRow>().GroupBy(row => new { row.Channel, row.State }).Select(group => new { group.Key.Channel, group.Key.State, Count = group.Count() }).ToListAsync(cancel);
        return [.. totals.Select(total => (total.Channel, total.State, total.Count))];
    }

    private static MessageRow Row(Draft draft, string host, DateTimeOffset now)
    {
        return new MessageRow
        {
            Id = Guid.CreateVersion7(), Key = draft.Key.ToString(), Retirement = draft.Key.Retirement, Customer = draft.Key.Customer?.Value ?? "", Step = draft.Key.Step,
            Recipient = draft.Key.Recipient, Channel = draft.Key.Channel, Address = draft.Address, Letter = draft.Letter, MessageId = $"{draft.Key.Hash}@{host}",
            CreatedAt = now, NextAttemptAt = now,
        };
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IdnHost.Length > 0 ? address.IdnHost : "sunsetter.invalid";
}

/// <summary>A message as lists show it.</summary>
internal sealed record MessageSummary(string Customer, string Step, string Recipient, string Channel, MessageState State, int Attempts, DateTimeOffset NextAttemptAt, string? Failure);
