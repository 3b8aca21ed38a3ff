using System.Net;
using System.Text;
using System.Text.Json;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Connectors;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>
/// Runs a tool by a web call: POST of the work as JSON, with <c>Idempotency-Key</c> and the secret header. A 200 is heard line by line while it lasts; a 202
/// says that the tool will report by itself. Public addresses only, no redirects, 4 MB of answer.
/// </summary>
internal sealed class WebCallRunner : IToolRunner, IDisposable
{
    private const long MostAnswered = 4 * 1024 * 1024;
    private readonly HttpClient http;

    public WebCallRunner(OutsideTarget target) => http = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = target.Connect,
        ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        // The run's own time limit ends it.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public MigrationToolKind Kind => MigrationToolKind.WebCall;

    public async Task<ToolEnd> Run(ToolCall call, ToolTalk talk, CancellationToken cancel)
    {
        try
        {
            using var request = Request(call);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
                return new ToolEnd.Failed("The tool answers with a redirect; attach its final address.");
            await using var said = new BoundedStream(await answer.Content.ReadAsStreamAsync(cancel), MostAnswered);
            if (answer.Content.Headers.ContentType?.MediaType == "application/json")
                await HearWhole(said, talk, cancel);
            else
                await talk.Hear(said, cancel);
            return Judge(answer, talk);
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is ForbiddenTargetException)
        {
            return new ToolEnd.Failed(failure.GetBaseException().Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            return talk.Verdict switch
            {
                true => new ToolEnd.Succeeded(),
                false => new ToolEnd.Failed("The tool says that it failed."),
                null => new ToolEnd.Again($"The connection to the tool was lost: {failure.GetBaseException().Message}"),
            };
        }
    }

    // One document may be written over many lines.
    private static async Task HearWhole(Stream said, ToolTalk talk, CancellationToken cancel)
    {
        using var reader = new StreamReader(said);
        talk.Hear((await reader.ReadToEndAsync(cancel)).ReplaceLineEndings(" "));
    }

    private static ToolEnd Judge(HttpResponseMessage answer, ToolTalk talk) => answer.StatusCode switch
    {
        HttpStatusCode.Accepted when talk.Verdict is null => new ToolEnd.Accepted(),
        _ when answer.IsSuccessStatusCode => talk.Verdict == false ? new ToolEnd.Failed("The tool says that it failed.") : new ToolEnd.Succeeded(),
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError =>
            new ToolEnd.Again($"The tool answered {(int)answer.StatusCode}.", answer.Headers.RetryAfter?.Delta),
        _ => new ToolEnd.Failed($"The tool answered {(int)answer.StatusCode}."),
    };

    private static HttpRequestMessage Request(ToolCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, call.Tool.Target)
        {
            Content = new StringContent(JsonSerializer.Serialize(call.Work, Json.Stored), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", call.Work.Key);
        request.Headers.TryAddWithoutValidation("Accept", "application/x-ndjson, application/json");
        if (call.Tool.SecretHeader is { } header && call.Secret is { } secret)
            request.Headers.TryAddWithoutValidation(header, secret);
        return request;
    }

    public void Dispose() => http.Dispose();
}
