using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The notice policy in force, and its history.</summary>
internal sealed class Policies(Settings settings, IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    public Task<NoticePolicy> Read(CancellationToken cancel) => settings.Get<NoticePolicy>(cancel);

    /// <param name="note">Why it was changed.</param>
    /// <param name="seen">Fingerprint of the policy that was looked at; null: whatever is in force.</param>
    public async Task<Refusal?> Change(NoticePolicy policy, string note, string by, CancellationToken cancel, string? seen = null)
    {
        // One transaction: a policy in force that its history does not know could not be explained later.
        await using var db = await databases.CreateDbContextAsync(cancel);
        if ((await settings.Put<NoticePolicy>(db, _ => policy, by, cancel, seen)).Refused(out var refusal))
            return refusal;
        db.Add(new PolicyVersionRow { Document = PolicyDocument.Write(policy), Note = note, At = clock.GetUtcNow(), By = by });
        try
        {
            await db.SaveChangesAsync(cancel);
            return null;
        }
        catch (DbUpdateException overtaken) when (SunsetterDb.Overtaken(overtaken))
        {
            return Refusal.Overtaken;
        }
    }

    public async Task<IReadOnlyList<PolicyVersionRow>> History(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<PolicyVersionRow>().AsNoTracking().OrderByDescending(version => version.Number).Take(100).ToListAsync(cancel);
    }

    public async Task<PolicyVersionRow?> Find(int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<PolicyVersionRow>().AsNoTracking().FirstOrDefaultAsync(version => version.Number == number, cancel);
    }
}
