using System.Net;
using Microsoft.Extensions.Logging;

namespace Sunsetter.Client.Outbox;

/// <summary>Requests that survive a lost connection and a restart; bounded, the oldest give way.</summary>
internal sealed class Outbox(IShelf shelf, long limitBytes, ClientTelemetry telemetry, ILogger log)
{
    private const int MostStumbles = 3;

    private readonly SemaphoreSlim _sending = new(1, 1);

    public void Put(OutboxEntry entry)
    {
        try
        {
            MakeRoom(entry.Body.Length);
            shelf.Put(entry);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            telemetry.Dropped("disk");
            log.OutboxWriteFailed(problem);
        }
    }

    /// <summary>Sends what waits, oldest first, until all is sent or the server cannot take more now.</summary>
    /// <returns>Whether everything was sent, and how long the server asked to wait if not.</returns>
    public async Task<SendOutcome> SendAllAsync(ServerConnection server, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            SendOutcome? kept = null;
            var stumbles = 0;
            foreach (var id in shelf.Waiting())
            {
                if (shelf.Take(id) is not { } entry) continue;
                var outcome = await server.PostAsync(entry, cancel);
                telemetry.Sent(outcome.Kind);
                if (outcome.Kind == SendKind.Later)
                {
                    // A server that stumbles over one entry may take the others; one that stumbles over all is ill.
                    if (outcome.Status != (int)HttpStatusCode.InternalServerError || ++stumbles == MostStumbles) return outcome;
                    kept ??= outcome;
                    continue;
                }
                if (outcome.Kind == SendKind.Refused) log.OutboxRefused(entry.Path, outcome.Status);
                shelf.Remove(id);
            }
            return kept ?? SendOutcome.Done;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.OutboxReadFailed(problem);
            return SendOutcome.Later(null, 0);
        }
        finally
        {
            _sending.Release();
        }
    }

    private void MakeRoom(int needed)
    {
        if (shelf.Bytes + needed <= limitBytes) return;
        foreach (var id in shelf.Waiting())
        {
            shelf.Remove(id);
            telemetry.Dropped("full");
            log.OutboxFull(limitBytes);
            if (shelf.Bytes + needed <= limitBytes) return;
        }
    }
}
