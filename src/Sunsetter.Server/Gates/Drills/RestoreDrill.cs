using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <param name="SlowestMs">From the opening until the last instance obeyed it; null while none has answered.</param>
/// <param name="Missing">Instances that are alive, or were when the module opened, and have not obeyed it: silence proves nothing.</param>
/// <param name="Passed">The drill is over, somebody answered, nobody is missing.</param>
internal sealed record DrillView(Guid Id, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset? OpenedAt, int Instances, long? SlowestMs, int Missing, bool Passed);

/// <summary>
/// A restore drill: a shadow module, which no application uses, is closed and opened again; every connected instance obeys and says so, as it would in an
/// emergency. It can be run at any time, and a closing may ask for one that has passed.
/// </summary>
internal sealed class RestoreDrill(IDbContextFactory<SunsetterDb> databases, GateAnswers answers, GatePublisher publisher, TimeProvider clock)
{
    private static readonly Refusal Running = new(
        "drill.running", "A drill is running: open the shadow module first.", "演练正在进行：请先恢复影子模块。", StatusCodes.Status409Conflict);

    /// <summary>An instance that has not obeyed by then has failed the drill.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private static readonly Refusal NotRunning = new(
        "drill.not-running", "No drill is running: start one first.", "没有正在进行的演练：请先开始。", StatusCodes.Status409Conflict);

    /// <summary>Closes the shadow module.</summary>
    public async Task<Outcome<DrillView>> Start(string by, CancellationToken cancel)
    {
        var row = new GateDrillRow { Id = Guid.CreateVersion7(), StartedBy = by, StartedAt = clock.GetUtcNow() };
        var refusal = await Change(row.StartedAt, restores: false, async (db, position) =>
        {
            if (await db.Set<GateDrillRow>().AnyAsync(drill => drill.OpenedAt == null, cancel))
                return Running;
            row.ClosedPosition = position;
            db.Add(row);
            return null;
        }, cancel);
        return refusal is null ? await View(row, cancel) : refusal;
    }

    /// <summary>Opens it again: the time from here until every instance has obeyed is the measure.</summary>
    public async Task<Outcome<DrillView>> Open(CancellationToken cancel)
    {
        GateDrillRow? row = null;
        var now = clock.GetUtcNow();
        var refusal = await Change(now, restores: true, async (db, position) =>
        {
            row = await db.Set<GateDrillRow>().FirstOrDefaultAsync(drill => drill.OpenedAt == null, cancel);
            if (row is null)
                return NotRunning;
            (row.OpenedAt, row.OpenedPosition) = (now, position);
            return null;
        }, cancel);
        return refusal is null ? await View(row!, cancel) : refusal;
    }

    /// <summary>The latest drills, newest first.</summary>
    public async Task<IReadOnlyList<DrillView>> All(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var views = new List<DrillView>();
        foreach (var row in await db.Set<GateDrillRow>().AsNoTracking().OrderByDescending(row => row.StartedAt).Take(20).ToListAsync(cancel))
            views.Add(await View(row, cancel));
        return views;
    }

    /// <summary>When the last drill that everybody obeyed was over; null: there was none.</summary>
    public async Task<DateTimeOffset?> LastPassed(CancellationToken cancel)
    {
        await Finish(clock.GetUtcNow(), cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<GateDrillRow>().AsNoTracking().Where(row => row.FinishedAt != null && row.Missing == 0 && row.Instances > 0).MaxAsync(row => row.FinishedAt, cancel);
    }

    /// <summary>Writes down how the last drill ended: passed as soon as everybody has obeyed, and not passed when its time is over.</summary>
    public async Task Finish(DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var row in await db.Set<GateDrillRow>().Where(row => row.FinishedAt == null && row.OpenedAt != null).ToListAsync(cancel))
        {
            var view = await View(row, cancel);
            if (!view.Passed && now - row.OpenedAt < LongestWait)
                continue;
            (row.FinishedAt, row.Instances, row.SlowestMs, row.Missing) = (now, view.Instances, view.SlowestMs, view.Missing);
        }
        await db.SaveChangesAsync(cancel);
    }

    private async Task<Refusal?> Change(DateTimeOffset at, bool restores, Func<SunsetterDb, long, Task<Refusal?>> change, CancellationToken cancel)
    {
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // Raised first here: whoever else starts a drill waits for it and then sees ours.
            await GatePosition.Raise(db, null, [], restores, at, cancel);
            var position = await db.Database.SqlQuery<long>($"select value as \"Value\" from gate_position where name = 'gates'").SingleAsync(cancel);
            if (await change(db, position) is { } refusal)
                return refusal;
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        await publisher.Look(cancel);
        return null;
    }

    private async Task<DrillView> View(GateDrillRow row, CancellationToken cancel)
    {
        if (row.OpenedPosition is not { } opened)
            return new DrillView(row.Id, row.StartedBy, row.StartedAt, null, 0, null, 0, Passed: false);
        if (row.FinishedAt is not null)
            return new DrillView(row.Id, row.StartedBy, row.StartedAt, row.OpenedAt, row.Instances ?? 0, row.SlowestMs, row.Missing ?? 0, row is { Instances: > 0, Missing: 0 });
        await using var db = await databases.CreateDbContextAsync(cancel);
        var times = await db.Set<GateOpeningRow>().AsNoTracking().Where(opening => opening.Position == opened).Select(opening => opening.Millis).ToListAsync(cancel);
        var proof = await answers.Proof(opened, cancel);
        var missing = proof.Laggards.Count + proof.Silent.Count(one => one.SeenAt >= row.OpenedAt - GateAnswers.Silence);
        return new DrillView(row.Id, row.StartedBy, row.StartedAt, row.OpenedAt, times.Count, times.Count == 0 ? null : times.Max(), missing, times.Count > 0 && missing == 0);
    }
}

internal static class DrillApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var drills = api.MapGroup("/gates/drills").WithTags("Gates");
        drills.MapGet("", async (RestoreDrill drill, CancellationToken cancel) => TypedResults.Ok(await drill.All(cancel))).Needs(Permission.Read);
        drills.MapPost("", async Task<Results<Ok<DrillView>, ProblemHttpResult>> (ClaimsPrincipal user, RestoreDrill drill, CancellationToken cancel) =>
            Answer(await drill.Start(Actor.Of(user).Id, cancel))).Needs(Permission.Close);
        drills.MapPost("/open", async Task<Results<Ok<DrillView>, ProblemHttpResult>> (RestoreDrill drill, CancellationToken cancel) => Answer(await drill.Open(cancel))).Needs(Permission.Close);
    }

    private static Results<Ok<DrillView>, ProblemHttpResult> Answer(Outcome<DrillView> outcome) =>
        outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(outcome.Value);
}
