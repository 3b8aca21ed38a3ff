using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Close;

/// <summary>What Sunsetter holds about one customer, as a file for that customer: theirs and nobody else's, without our internal notes (C2).</summary>
internal sealed class CustomerExport(FactLog log, UsageQuestions usage, UseFiles use, TimeProvider clock) : IDisposable
{
    // Against no replacement nobody has moved: all their users are listed, not only those who still have to.
    private static readonly ModuleKey Nothing = new("");

    private static readonly Refusal Busy = new("export.busy", "An export of this customer is being fetched at this moment. Wait until it is there, then fetch again.",
        "该客户的一份导出正在下载，请待其完成后再试。", StatusCodes.Status429TooManyRequests);

    // Each file is made anew: one at a time for a customer, and nobody else waits with them.
    private readonly PartitionedRateLimiter<CustomerKey> turns = PartitionedRateLimiter.Create<CustomerKey, CustomerKey>(
        customer => RateLimitPartition.GetConcurrencyLimiter(customer, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 }));

    /// <summary>How long a request can be fetched; then it is asked for anew.</summary>
    public static readonly TimeSpan Fetchable = TimeSpan.FromDays(7);

    /// <summary>Whether this export may be fetched: it was asked for, for this customer, not too long ago, and no other of theirs is being fetched.</summary>
    public async Task<Refusal?> Forbids(RetirementId id, CustomerKey customer, Guid export, CancellationToken cancel) =>
        await log.Find(id, cancel) is null || await log.FindEntry(id, customer, cancel) is not { } entry
            ? Refusal.NotFound("customer in this retirement", "该退役中的客户", customer.Value)
            : entry.Closure.Exports.FirstOrDefault(request => request.Id == export) switch
            {
                null => new Refusal("export.not-requested", "Ask for the export first.", "请先申请数据导出。", StatusCodes.Status404NotFound),
                var request when request.At + Fetchable <= clock.GetUtcNow() =>
                    new Refusal("export.expired", $"This export could be fetched for {Fetchable.Days} days. Ask for a new one.", $"该导出的下载期为 {Fetchable.Days} 天，请重新申请。", StatusCodes.Status410Gone),
                _ => turns.GetStatistics(customer) is { CurrentAvailablePermits: 0 } ? Busy : null,
            };

    /// <summary>The file as an answer, or why it cannot be fetched.</summary>
    /// <param name="answer">With its end the customer's turn ends, at the latest: also where no byte of the file was ever asked for.</param>
    public async Task<Outcome<PushStreamHttpResult>> Fetch(RetirementId id, CustomerKey customer, Guid export, string by, string file, HttpResponse answer, CancellationToken cancel)
    {
        if (await Forbids(id, customer, export, cancel) is { } refusal)
            return refusal;
        var turn = turns.AttemptAcquire(customer);
        if (!turn.IsAcquired)
            return Busy;
        answer.RegisterForDispose(turn);
        return TypedResults.Stream(async to =>
        {
            using (turn)
                await Write(id, customer, export, by, to, cancel);
        }, "application/zip", file);
    }

    /// <summary>Writes the file as it is made, and records with its length and checksum that it was fetched. One that breaks off was not fetched.</summary>
    private async Task Write(RetirementId id, CustomerKey customer, Guid export, string by, Stream to, CancellationToken cancel)
    {
        var retirement = (await log.Find(id, cancel))!;
        var entry = (await log.FindEntry(id, customer, cancel))!;
        await using var counted = new HashedStream(to);
        await Package.Write(counted, $"what {retirement.Module} kept of {customer}", clock.GetUtcNow(), by, Files(retirement, entry, cancel), cancel);
        await counted.FlushAsync(cancel);
        await log.Change(id, customer, by, (_, current) => current.Closure.Exports.Any(request => request.Id == export && request.FetchedAt is not null)
            ? Decision.Nothing : Decision.Of(customer, new ExportFetched(export, counted.Count, counted.Sha256())), cancel);
    }

    public void Dispose() => turns.Dispose();

    private async IAsyncEnumerable<(string Name, string Text)> Files(Retirement retirement, LedgerEntry entry, [EnumeratorCancellation] CancellationToken cancel)
    {
        var until = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        yield return ("customer.json", JsonSerializer.Serialize(new
        {
            key = entry.Customer, name = entry.Name, tier = entry.Tier, timeZone = entry.TimeZone, module = retirement.Module, replacement = retirement.Replacement,
            closesOn = entry.ClosesOn(retirement), closedAt = entry.ClosedAt,
        }, Json.Stored));
        var facts = (await log.History(retirement.Id, entry.Customer, cancel)).Where(happened => Theirs(happened.Fact));
        yield return ("events.csv", CsvCell.Line("time", "what", "what_zh") + string.Concat(facts.Select(happened => (happened.At, Sentence: FactSentence.Of(Told(happened.Fact)))).Select(told =>
            CsvCell.Line(told.At.ToString("O", CultureInfo.InvariantCulture), told.Sentence.En.TrimEnd(' ', ':'), told.Sentence.Zh.TrimEnd('：')))));
        var weeks = await use.WeeksOf(entry.Customer, retirement.Module, until, cancel);
        yield return ("usage.csv", CsvCell.Line("week_ending", "users", "known") + string.Concat(weeks.Select(week =>
            CsvCell.Line(Days.Iso(week.Until), week.Users.ToString(CultureInfo.InvariantCulture), week.Known ? "yes" : "no"))));
        yield return await use.Coverage(retirement, until, cancel);
        var users = await usage.UsersNotMoved(retirement.Module, Nothing, entry.Customer, until, UseFiles.Stretch, int.MaxValue, cancel);
        yield return ("users.csv", CsvCell.Line("user", "last_use") + string.Concat(users.Select(user => CsvCell.Line(user.Name ?? "(kept as a hash)", Days.Iso(user.LastUse)))));
    }

    // What was said about them among ourselves is ours; what was told to them, asked by them, measured of them and done to them is theirs.
    private static bool Theirs(Fact fact) => fact is EntryOpened or NoticeIssued or NoticeSent or NoticeRead or NoticeAcknowledged or NoticeSeenInApp or ContactNamed
        or MovementObserved or HelpRequested or HelpAnswered or ExtensionRequested or ExtensionGranted or ExtensionRefused or IncentiveGranted or IncentiveUsed
        or CustomerFaqWritten or CustomerFaqRemoved or MigrationRunRequested or MigrationRunFinished or ExportRequested or ExportFetched
        or CustomerClosed or CustomerRestored or CustomerRestoreEnded or WaveSet or EarliestComputed;

    // Reasons of decisions and notes on them were written for colleagues; what was decided is theirs to have.
    private static Fact Told(Fact fact) => fact switch
    {
        ExtensionGranted it => it with { Reason = "" },
        IncentiveGranted it => it with { Note = "" },
        IncentiveUsed it => it with { Note = "" },
        CustomerRestored it => it with { Reason = "" },
        CustomerRestoreEnded it => it with { Reason = "" },
        _ => fact,
    };
}
