using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sunsetter.Client.Notices;

/// <summary>Asks the server what a signed-in person should be told inside the application.</summary>
internal sealed class NoticeReader(ServerConnection server, ILogger log)
{
    public const string Path = "edge/v1/notices";

    private const int Longest = 4 * 1024 * 1024;

    public async Task<IReadOnlyList<Notice>> ReadAsync(string customer, string user, CancellationToken cancel)
    {
        var query = $"{Path}?customer={Uri.EscapeDataString(customer)}&user={Uri.EscapeDataString(user)}";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, query);
            using var answer = await server.SendAsync(request, cancel);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                log.NoticesUnavailable($"the server answered {(int)answer.StatusCode}");
                return [];
            }
            var body = await server.ReadAsync(answer, Longest, cancel);
            return JsonSerializer.Deserialize(body.Span, NoticeJson.Default.NoticeList)?.Notices ?? [];
        }
        catch (Exception problem) when (ServerConnection.IsNetwork(problem) || problem is JsonException)
        {
            log.NoticesUnavailable(problem.Message);
            return [];
        }
    }
}
