using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Connectors.TeamChat;

/// <summary>Posts JSON: public addresses only, no redirects, ten seconds; of an answer the first 16 KB are read.</summary>
internal sealed class WebhookClient : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private const int MostAnswered = 16 * 1024;
    private readonly OutsideTarget target;
    private readonly HttpClient http;

    public WebhookClient(OutsideTarget target) => (this.target, http) = (target, new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = target.Connect,
        ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    });

    /// <summary>Judges an address without calling it. A name that cannot be resolved now is judged when it is called.</summary>
    public async Task<Refusal?> Forbids(string url, CancellationToken cancel)
    {
        if (Address(url) is not { } address)
            return AttemptWords.BadAddress;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.IdnHost, cancel);
            return addresses.Any(one => target.Permits(one, IsSecure(address))) ? null : addresses.Any(one => target.Permits(one, secure: true)) ? AttemptWords.BadAddress : AttemptWords.PrivateAddress(address.Host);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Posts and lets <paramref name="read"/> judge a 200; every other end is judged here.</summary>
    public async Task<Attempt> Post(string url, JsonObject body, Func<string, Attempt> read, CancellationToken cancel)
    {
        if (Address(url) is not { } address)
            return new Attempt.Refused(AttemptWords.BadAddress.Code, AttemptWords.BadAddress.Sentence.En);
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        inTime.CancelAfter(Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body.ToJsonString(Json.Stored), Encoding.UTF8, "application/json") };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, inTime.Token);
            var said = await Said(answer, inTime.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NoContent => read(said),
                HttpStatusCode.TooManyRequests => new Attempt.Postponed("webhook.429", "Too many posts.", answer.Headers.RetryAfter?.Delta),
                >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout => new Attempt.Postponed($"webhook.{(int)answer.StatusCode}", Short(said)),
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new Attempt.Refused("webhook.redirect", "The webhook answers with a redirect; enter the final address."),
                _ => new Attempt.Refused($"webhook.{(int)answer.StatusCode}", Short(said)),
            };
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is ForbiddenTargetException forbidden)
        {
            return new Attempt.Refused(forbidden.InTheClear ? AttemptWords.BadAddress.Code : "webhook.private-address", forbidden.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new Attempt.Postponed("webhook.unreachable", failure.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Attempt.Postponed("webhook.timeout", "The webhook did not answer within ten seconds.");
        }
    }

    /// <summary>Reads the answer of a robot that says 200 and then a code of its own.</summary>
    public static Attempt ReadCode(string said, string codeField, string messageField, params ReadOnlySpan<int> busy)
    {
        try
        {
            var answer = JsonNode.Parse(said);
            if (answer?[codeField]?.GetValue<int>() is not { } code)
                return new Attempt.Refused("webhook.strange-answer", Short(said));
            if (code == 0)
                return new Attempt.Accepted();
            var words = $"{code} {answer[messageField]}";
            return busy.Contains(code) ? new Attempt.Postponed("webhook.busy", words, TimeSpan.FromMinutes(1)) : new Attempt.Refused("webhook.robot", words);
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or FormatException)
        {
            return new Attempt.Refused("webhook.strange-answer", Short(said));
        }
    }

    public void Dispose() => http.Dispose();

    // Whatever charset the other side names, known or not: only the first bytes matter, and a robot's code is ASCII.
    private static async Task<string> Said(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var bytes = new byte[MostAnswered];
        return Encoding.UTF8.GetString(bytes, 0, await body.ReadAtLeastAsync(bytes, MostAnswered, throwOnEndOfStream: false, cancel));
    }

    private static bool IsSecure(Uri address) => address.Scheme == Uri.UriSchemeHttps;

    private static Uri? Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("https" or "http") && address.UserInfo.Length == 0 ? address : null;

    private static string Short(string said) => said.Length <= 200 ? said : said[..200];
}
