using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Forgets requests that nobody will repeat.</summary>
internal sealed class ForgetRequests(IDbContextFactory<SunsetterDb> databases) : IDueStep
{
    /// <summary>A request repeated later than this is a new one.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public string Name => "forget-requests";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var before = now - Kept;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<DoneRequestRow>().Where(done => done.At < before).ExecuteDeleteAsync(cancel);
    }
}
