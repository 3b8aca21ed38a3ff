using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Collects what the go/no-go needs to know.</summary>
internal sealed class Grounds(Calendars calendars, Settings settings, IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    public async Task<Ground> Of(RetirementId id, CancellationToken cancel) => new(
        clock.GetUtcNow(), await calendars.ClosingDays(cancel), await settings.Get<ClosingRules>(cancel), await NextUses(id, cancel), await LastDrill(cancel));

    private async Task<IReadOnlyDictionary<CustomerKey, DateOnly>> NextUses(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<LedgerLine>().AsNoTracking().Where(line => line.Retirement == id && line.NextUseOn != null)
            .ToDictionaryAsync(line => line.Customer, line => line.NextUseOn!.Value, cancel);
    }

    // A drill that every instance obeyed; the gates room keeps them.
    private async Task<DateTimeOffset?> LastDrill(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var last = await db.Database.SqlQuery<long?>($"select max(finished_at) as \"Value\" from gate_drill where finished_at is not null and coalesce(missing, 0) = 0").SingleAsync(cancel);
        return last is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }
}
