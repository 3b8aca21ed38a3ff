using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>Messages that are over, letter and recipient, as data that can be destroyed. That they were sent, and to whom, stays with the facts.</summary>
internal sealed class MessageData : IKeptData
{
    public DataKind Kind => DataKind.Notices;

    public async Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var names = customers.Select(customer => customer.Value).ToList();
        var over = db.Set<MessageRow>().Where(message => message.Retirement == retirement.Id && names.Contains(message.Customer) && message.State != MessageState.Waiting);
        var destroyed = Destroyed.Of((await over.AsNoTracking().OrderBy(message => message.Id).Select(message => new { message.Id, message.Key, message.Address }).ToListAsync(cancel)).Select(message => $"{message.Id:N}\n{message.Key}\n{message.Address}\n"));
        await over.ExecuteDeleteAsync(cancel);
        return destroyed;
    }
}
