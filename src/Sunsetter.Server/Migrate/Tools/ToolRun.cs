using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>One call of a tool for one customer, from the claim to its end.</summary>
internal sealed partial class ToolRun(ToolRuns runs, IEnumerable<IToolRunner> runners, ToolSecrets secrets, FactLog log, Settings settings, TimeProvider clock, ILogger<ToolRun> logger)
{
    /// <summary>After so many calls that ended with "not now" a run has failed.</summary>
    public const int MostAttempts = 6;

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    /// <summary>Calls the tool and writes down how it ended, unless the claim is lost meanwhile.</summary>
    public async Task Call(ToolRunRow claimed, CancellationToken stopping)
    {
        var talk = new ToolTalk();
        var (call, hindrance) = await Prepare(claimed, stopping);
        if (call is null)
        {
            await runs.End(claimed, talk, succeeded: false, hindrance, CancellationToken.None);
            return;
        }
        var token = ApiToken.NewSecret(ToolApi.ReportPrefix);
        if (call.Tool.Kind == MigrationToolKind.WebCall)
            call = call with { Work = call.Work with { Report = new ToolReport($"{(await settings.Get<Workspace>(stopping)).PublicUrl}/api/v1/tool-runs/{claimed.Id:N}/report", token) } };

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(call.Tool.TimeoutSeconds), clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        var watch = Watch(claimed, talk, stop);
        ToolEnd? end = null;
        try
        {
            end = await runners.Single(runner => runner.Kind == call.Tool.Kind).Run(call, talk, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Which of the four reasons it was is told below.
        }
        await stop.CancelAsync();
        var cut = await watch;
        await Write(claimed, call, talk, token, end ?? (cut is not null ? null : limit.IsCancellationRequested
            ? new ToolEnd.Failed(new($"It took longer than {call.Tool.TimeoutSeconds} seconds and was stopped.", $"超过 {call.Tool.TimeoutSeconds} 秒时限，已停止。")) : null), cut);
    }

    /// <summary>Ends a run that reports by itself when its time is over or somebody stops it. The tool itself cannot be reached: what it says later is refused.</summary>
    public async Task WatchReporting(ToolRunRow run, DateTimeOffset now, CancellationToken cancel)
    {
        var talk = Remembered(run);
        if (await StopAsked(run, cancel) is { } by)
            await runs.End(run, talk, succeeded: false, Stopped(by), cancel);
        else if (run.DeadlineAt <= now)
            await runs.End(run, talk, succeeded: false, Said(new("The tool had taken it and did not report its end in time.", "工具已受理，但未按时报告结束。")), cancel);
    }

    /// <summary>Ends a run that somebody stops while it waits for its next call, which may be hours away.</summary>
    public async Task WatchPostponed(ToolRunRow run, CancellationToken cancel)
    {
        if (await StopAsked(run, cancel) is { } by)
            await runs.End(run, Remembered(run), succeeded: false, Stopped(by), cancel);
    }

    /// <summary>What a run has said so far, as a talk that can go on.</summary>
    internal static ToolTalk Remembered(ToolRunRow run)
    {
        var talk = new ToolTalk();
        foreach (var line in run.Output.Split('\n'))
            talk.Hear(line);
        talk.Hear(System.Text.Json.JsonSerializer.Serialize(new { done = run.Done, total = run.Total }, Json.Stored));
        return talk;
    }

    private async Task Write(ToolRunRow claimed, ToolCall call, ToolTalk talk, string token, ToolEnd? end, Cut? cut)
    {
        // What a tool has done is written down even while the server is stopping.
        var cancel = CancellationToken.None;
        var now = clock.GetUtcNow();
        var written = (end, cut) switch
        {
            (_, Cut.Lost) => false,
            (ToolEnd.Succeeded, _) => await runs.End(claimed, talk, succeeded: true, talk.Now.Message, cancel),
            (_, Cut.Stopped stopped) => await runs.End(claimed, talk, succeeded: false, Stopped(stopped.By), cancel),
            (ToolEnd.Failed failed, _) => await runs.End(claimed, talk, succeeded: false, LastWord(failed.Reason, talk), cancel),
            (ToolEnd.Accepted, _) => await runs.Hand(claimed, ApiToken.HashOf(token), now.AddSeconds(call.Tool.TimeoutSeconds), cancel),
            (ToolEnd.Again again, _) when claimed.Attempts >= MostAttempts => await runs.End(claimed, talk, succeeded: false, LastWord(new($"Given up after {claimed.Attempts} calls. {again.Reason.En}", $"调用 {claimed.Attempts} 次后放弃。{again.Reason.Zh}"), talk), cancel),
            (ToolEnd.Again again, _) => await runs.Postpone(claimed, now + Later(again, claimed.Attempts), Said(again.Reason), countsAsAttempt: true, cancel),
            // The server stops: no fault of the tool.
            _ => await runs.Postpone(claimed, now, Said(new("The server was stopped; the tool is called again.", "服务器已停止，将再次调用工具。")), countsAsAttempt: false, cancel),
        };
        if (!written)
            Overtaken(claimed.Id);
    }

    /// <summary>Each second: renews the lease, writes progress, asks whether somebody wants it stopped. Cancels <paramref name="stop"/> and says why.</summary>
    private async Task<Cut?> Watch(ToolRunRow claimed, ToolTalk talk, CancellationTokenSource stop)
    {
        while (true)
        {
            await Task.Delay(Pulse, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return null;
            if (await Look(claimed, talk) is { } cut)
            {
                await stop.CancelAsync();
                return cut;
            }
        }
    }

    private async Task<Cut?> Look(ToolRunRow claimed, ToolTalk talk)
    {
        try
        {
            return !await runs.Keep(claimed, talk, CancellationToken.None) ? new Cut.Lost()
                : await StopAsked(claimed, CancellationToken.None) is { } by ? new Cut.Stopped(by) : null;
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or InvalidOperationException { InnerException: System.Data.Common.DbException })
        {
            // A store that does not answer cannot say that the claim still holds. Better an ended tool than two at once.
            Unreachable(failure, claimed.Id);
            return new Cut.Lost();
        }
    }

    private async Task<(ToolCall? Call, string Hindrance)> Prepare(ToolRunRow claimed, CancellationToken cancel)
    {
        var retirement = (await log.Find(claimed.Retirement, cancel))!;
        var entry = (await log.FindEntry(claimed.Retirement, new CustomerKey(claimed.Customer), cancel))!;
        var run = entry.Move.Runs.Single(one => one.Id == claimed.Id);
        if (run.StopAskedAt is not null)
            return (null, Stopped(run.StopAskedBy!));
        if (retirement.Migrating.Tool is not { } tool || tool.Id != claimed.Tool)
            return (null, Said(new("The tool was taken away.", "工具已被移除。")));
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return (null, Said(new("The retirement was called off or is over.", "该退役已取消或已结束。")));
        var work = new ToolWork(run.Id, run.IdempotencyKey, claimed.Fence, run.DryRun, retirement.Id, retirement.Module, retirement.Replacement,
            new ToolCustomer(entry.Customer, entry.Name.In(entry.Locale), entry.TimeZone, entry.Locale));
        return (new ToolCall(tool, work, await secrets.Find(tool.Id, cancel)), "");
    }

    private async Task<string?> StopAsked(ToolRunRow run, CancellationToken cancel) =>
        (await log.FindEntry(run.Retirement, new CustomerKey(run.Customer), cancel))?.Move.Runs.FirstOrDefault(one => one.Id == run.Id)?.StopAskedBy;

    private static TimeSpan Later(ToolEnd.Again again, int attempts)
    {
        var delay = Backoff.Delay(attempts, Random.Shared.NextDouble());
        return again.After is { } after && after > delay ? after : delay;
    }

    private static string Stopped(string by) => Said(new($"Stopped by {by}.", $"由 {by} 停止。"));

    private static string LastWord(Text reason, ToolTalk talk) => talk.Now.Message is { Length: > 0 } said ? $"{Said(reason)} {said}" : Said(reason);

    // Kept once, beside what the tool says in its own language.
    private static string Said(Text words) => $"{words.En} · {words.Zh}";

    /// <summary>Why a call was cut short.</summary>
    private abstract record Cut
    {
        internal sealed record Stopped(string By) : Cut;

        internal sealed record Lost : Cut;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on the run {Run} was lost; whoever holds it now records its end.")]
    private partial void Overtaken(Guid run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on the run {Run} could not be renewed; its tool is ended.")]
    private partial void Unreachable(Exception failure, Guid run);
}
