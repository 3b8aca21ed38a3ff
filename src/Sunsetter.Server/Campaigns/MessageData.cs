using System.Security.Cryptography;
using System.Text;
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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var names = customers.Select(customer => customer.Value).ToList();
        var over = db.Set<MessageRow>().Where(message => message.Retirement == retirement.Id && names.Contains(message.Customer) && message.State != MessageState.Waiting);
        var count = 0;
        foreach (var message in await over.AsNoTracking().OrderBy(message => message.Id).Select(message => new { message.Id, message.Key, message.Address }).ToListAsync(cancel))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{message.Id:N}\n{message.Key}\n{message.Address}\n"));
            count++;
        }
        await over.ExecuteDeleteAsync(cancel);
        return new Destroyed(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
