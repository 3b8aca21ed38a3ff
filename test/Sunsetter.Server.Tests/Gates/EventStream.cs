using System.Net.Http.Headers;
using System.Text;
using Sunsetter.Gates;

namespace Sunsetter.Server.Tests.Gates;

/// <summary>A server-sent event as it came.</summary>
internal sealed record StreamEvent(string Name, string? Id, string Data)
{
    public GateSnapshot Snapshot() => GateSnapshot.Read(Encoding.UTF8.GetBytes(Data)).Snapshot ?? throw new InvalidOperationException(Data);

    public GateDelta Delta() => GateDelta.Read(Encoding.UTF8.GetBytes(Data)).Delta ?? throw new InvalidOperationException(Data);
}

/// <summary>One open stream of gates, read event by event.</summary>
internal sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<EventStream> Open(HttpClient client, string key, long? lastEventId = null, string? context = null, DateTimeOffset? made = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/edge/v1/gates/stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", made is { } at ? $"{lastEventId} {at.UtcDateTime:O}" : lastEventId.ToString());
        if (context is not null)
            request.Headers.Add("X-Sunsetter-Context", context);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next event of this name; others in between are skipped. Null: the stream has ended.</summary>
    public Task<StreamEvent?> Next(params string[] names) => Wait(Patience, CancellationToken.None, names);

    /// <summary>The same, for as long as it takes.</summary>
    public Task<StreamEvent?> Next(CancellationToken stop, params string[] names) => Wait(Timeout.InfiniteTimeSpan, stop, names);

    private async Task<StreamEvent?> Wait(TimeSpan patience, CancellationToken stop, string[] names)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, stop);
        limit.CancelAfter(patience);
        while (await One(limit.Token) is { } one)
            if (names.Length == 0 || names.Contains(one.Name))
                return one;
        return null;
    }

    private async Task<StreamEvent?> One(CancellationToken cancel)
    {
        string? name = null, id = null, data = null;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length == 0 && name is not null)
                return new StreamEvent(name, id, data ?? "");
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
        }
        return null;
    }

    public void Dispose() => response.Dispose();
}
