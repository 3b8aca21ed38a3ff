using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>An instance says which version it obeys.</summary>
internal sealed record Receipt(string Instance, long Version, DateTimeOffset? ObeyedAt, string Client, long? ClockOffsetMs, string KeyName, DateTimeOffset SeenAt);

/// <summary>
/// Keeps the newest receipt of every instance, and measures every restore by them: the instant of the restore until the instance obeyed. Receipts come in
/// waves, so those that arrive while one transaction runs are stored by the next, together. A receipt that is lost is sent again within a minute.
/// </summary>
internal sealed partial class GateReceipts(IDbContextFactory<SunsetterDb> databases, GatePublisher publisher, ILogger<GateReceipts> log) : BackgroundService
{
    private const int MostWaiting = 50_000;

    private readonly Channel<Receipt> waiting = Channel.CreateBounded<Receipt>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly SemaphoreSlim turn = new(1);

    public void Take(Receipt receipt) => waiting.Writer.TryWrite(receipt);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await waiting.Reader.WaitToReadAsync(stopping);
                await Store(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // A database that is away shows itself in many ways; none is a reason for the server to stop.
                Lost(failure);
            }
        }
    }

    /// <summary>Stores what has come in. Whoever returns from here sees everything stored that was taken before.</summary>
    public async Task Store(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await StoreWaiting(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task StoreWaiting(CancellationToken cancel)
    {
        var newest = new Dictionary<string, Receipt>(StringComparer.Ordinal);
        while (newest.Count < 1_000 && waiting.Reader.TryRead(out var receipt))
            newest[receipt.Instance] = receipt;
        if (newest.Count == 0)
            return;

        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var names = newest.Keys.ToList();
        var known = await db.Set<GateReceiptRow>().Where(row => names.Contains(row.Instance)).ToDictionaryAsync(row => row.Instance, cancel);
        var openings = new List<(long Position, string Instance, long Millis)>();
        foreach (var receipt in newest.Values)
        {
            var before = known.TryGetValue(receipt.Instance, out var row) ? row.Version : long.MaxValue;
            if (row is null)
                db.Add(row = new GateReceiptRow { Instance = receipt.Instance, Version = receipt.Version, SeenAt = receipt.SeenAt, Client = "", KeyName = "" });
            (row.Version, row.SeenAt, row.Client, row.ClockOffsetMs, row.KeyName) = (receipt.Version, receipt.SeenAt, receipt.Client, receipt.ClockOffsetMs, receipt.KeyName);
            row.ObeyedAt = receipt.ObeyedAt ?? row.ObeyedAt;
            openings.AddRange(Openings(receipt, before));
        }
        await db.SaveChangesAsync(cancel);
        foreach (var (position, instance, millis) in openings)
            await db.Database.ExecuteSqlAsync($"insert into gate_opening (position, instance, millis) values ({position}, {instance}, {millis}) on conflict (position, instance) do nothing", cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The restores that this receipt is the first to carry out; an instance that has just started opened nothing.</summary>
    private IEnumerable<(long, string, long)> Openings(Receipt receipt, long before) => receipt.ObeyedAt is not { } obeyed
        ? []
        : publisher.Restores.Where(restore => restore.Position > before && restore.Position <= receipt.Version)
            .Select(restore => (restore.Position, receipt.Instance, Math.Max(0, (long)(obeyed - restore.At).TotalMilliseconds)));

    [LoggerMessage(Level = LogLevel.Error, Message = "Receipts were not stored; the instances send them again within a minute.")]
    private partial void Lost(Exception failure);
}
