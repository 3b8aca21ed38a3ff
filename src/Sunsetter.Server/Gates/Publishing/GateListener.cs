using Npgsql;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>Hears of changes on other nodes at once (PostgreSQL's LISTEN). Only a hint: while it is deaf, looking twice a second still finds everything.</summary>
internal sealed partial class GateListener(StorageOptions storage, GatePublisher publisher, TimeProvider clock, ILogger<GateListener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (storage.PostgresConnection is not { } postgres)
            return;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Listen(postgres, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                // Whatever it was: it was only a hint, and no reason for the server to stop.
                Deaf(failure.Message);
                await Task.Delay(Pause, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Listen(string postgres, CancellationToken stopping)
    {
        // A connection of its own, checked by keep-alive: one that died silently would be deaf for hours.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres) { KeepAlive = 15, Pooling = false }.ConnectionString);
        await connection.OpenAsync(stopping);
        connection.Notification += (_, told) => (told.Payload == GatePosition.Keys ? (Action)publisher.HintOfKeys : publisher.Hint)();
        await using (var command = new NpgsqlCommand($"listen {GatePosition.Channel}", connection))
            await command.ExecuteNonQueryAsync(stopping);
        // What was committed before we listened.
        publisher.Hint();
        while (true)
            await connection.WaitAsync(stopping);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes on other nodes are heard of late: listening ended ({Reason}) and is tried again.")]
    private partial void Deaf(string reason);
}
