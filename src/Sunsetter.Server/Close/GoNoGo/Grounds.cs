using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Close;

/// <summary>Collects what the go/no-go needs to know.</summary>
internal sealed class Grounds(Calendars calendars, Settings settings, IDbContextFactory<SunsetterDb> databases, RestoreDrill drills, GateAnswers gates, FactLog log, UsageQuestions usage, TimeProvider clock)
{
    public async Task<Ground> Of(RetirementId id, CancellationToken cancel) => new(
        clock.GetUtcNow(), await calendars.ClosingDays(cancel), await settings.Get<ClosingRules>(cancel), await NextUses(id, cancel), await drills.LastPassed(cancel))
    {
        Obedience = await gates.Proof(null, cancel),
        UseIsKnown = await UseIsKnown(id, cancel),
    };

    /// <summary>Users on the old module by the last measurement, of the customers of whom that is known.</summary>
    public async Task<IReadOnlyDictionary<CustomerKey, long>> StillThere(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<LedgerLine>().AsNoTracking().Where(line => line.Retirement == id && line.OldUsers != null)
            .Select(line => new { line.Customer, Users = (long)line.OldUsers! }).ToDictionaryAsync(line => line.Customer, line => line.Users, cancel);
    }

    private async Task<bool> UseIsKnown(RetirementId id, CancellationToken cancel)
    {
        var today = Days.DayOf(clock.GetUtcNow(), TimeZoneInfo.Utc);
        return await log.Find(id, cancel) is { } retirement && (await usage.Coverage(retirement.Module, today.AddDays(1 - UsageQuestions.Month), today, cancel)).Sufficient;
    }

    private async Task<IReadOnlyDictionary<CustomerKey, DateOnly>> NextUses(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<LedgerLine>().AsNoTracking().Where(line => line.Retirement == id && line.NextUseOn != null)
            .ToDictionaryAsync(line => line.Customer, line => line.NextUseOn!.Value, cancel);
    }
}
