using System.Text.Json;
using System.Text.Json.Serialization;
using Sunsetter.Client.Clock;
using Sunsetter.Client.Outbox;
using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Receipts;

/// <summary>Tells the server which version decides here: soon after each new one, and every minute as a sign of life.</summary>
internal sealed class ReceiptSender(
    ServerConnection server, SnapshotHolder held, ServerClock clock, TimeProvider time, Func<double> chance, string instance)
{
    private const string Path = "edge/v1/receipts";
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(60);

    /// <summary>Spreads the receipts of many clients for one change.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var seen = held.Version;
            if (seen is { } version && clock.Heard) await SendAsync(version, cancel);
            if (await held.WaitForChangeAsync(seen, SignOfLife, cancel)) await Task.Delay(Spread * chance(), time, cancel);
        }
    }

    private async Task SendAsync(long version, CancellationToken cancel)
    {
        var receipt = new Receipt(instance, version, held.ObeyedAt.UtcDateTime, $"dotnet/{ClientVersion.Number}", (long)clock.Offset.TotalMilliseconds);
        var body = JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJson.Default.Receipt);
        // A lost receipt is not repeated: the next sign of life says the same.
        await server.PostAsync(new OutboxEntry(Guid.CreateVersion7(clock.Now), Path, body), cancel);
    }
}

internal sealed record Receipt(string Instance, long Version, DateTime ObeyedAt, string Client, long ClockOffsetMs);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
