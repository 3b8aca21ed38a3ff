using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>Tells whoever wanted a message how it ended. Told at least once; recorded once, because the record knows its own.</summary>
internal sealed class ReportOutcomes(IDbContextFactory<SunsetterDb> databases, IEnumerable<IOutcomes> outcomes, TimeProvider clock) : IDueStep
{
    private const int Batch = 100;

    public string Name => "campaigns/report";

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        while (true)
        {
            var batch = await Ended(cancel);
            await Attempts.Each(batch, message => Report(message, cancel));
            if (batch.Count < Batch)
                return;
        }
    }

    private async Task<IReadOnlyList<MessageRow>> Ended(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<MessageRow>().AsNoTracking().Where(row => (row.State == MessageState.Sent || row.State == MessageState.Failed) && row.ReportedAt == null)
            .OrderBy(row => row.EndedAt).Take(Batch).ToListAsync(cancel);
    }

    private async Task Report(MessageRow row, CancellationToken cancel)
    {
        var ended = new EndedMessage(row.Retirement, row.Customer.Length == 0 ? null : new CustomerKey(row.Customer), row.Step, row.Recipient, row.Channel,
            row.MessageId, row.EndedAt ?? row.CreatedAt, row.State == MessageState.Failed ? row.Failure ?? row.FailureCode ?? "" : null, row.RecipientGone);
        foreach (var listener in outcomes)
        {
            if (await listener.Record(ended, cancel))
                break;
        }
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<MessageRow>().Where(message => message.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(message => message.ReportedAt, now), cancel);
    }
}
