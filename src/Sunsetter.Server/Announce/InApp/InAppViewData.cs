using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.InApp;

/// <summary>Who of a customer saw a notice inside the application: names of users, destroyed with their use. How many there were stays with the facts.</summary>
internal sealed class InAppViewData : IKeptData
{
    public DataKind Kind => DataKind.Usage;

    public async Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var names = customers.Select(customer => customer.Value).ToList();
        var views = db.Set<InAppViewRow>().Where(view => view.Retirement == retirement.Id && names.Contains(view.Customer));
        var destroyed = Destroyed.Of((await views.AsNoTracking().OrderBy(view => view.Customer).ThenBy(view => view.UserName).ThenBy(view => view.Edition).Select(view => new { view.Customer, view.UserName, view.Edition }).ToListAsync(cancel)).Select(view => $"{view.Customer}\n{view.UserName}\n{view.Edition}\n"));
        await views.ExecuteDeleteAsync(cancel);
        return destroyed;
    }
}
