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
                return new ToolEnd.Failed(new("The tool answers with a redirect; attach its final address.", "工具返回重定向，请接入其最终地址。"));
            var type = answer.Content.Headers.ContentType?.MediaType;
            // A page to sign in on, or a proxy's own: nobody has moved anybody.
            if (answer.IsSuccessStatusCode && type == "text/html")
                return NotATool;
            await using var said = new BoundedStream(await answer.Content.ReadAsStreamAsync(cancel), MostAnswered);
            if (type == "application/json")
            {
                if (!await HearWhole(said, talk, cancel) && answer.IsSuccessStatusCode && !said.Exceeded)
                    return NotATool;
            }
            else
            {
                await talk.Hear(said, cancel);
            }
            return said.Exceeded && talk.Verdict is null ? TooLong : Judge(answer, talk);
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is ForbiddenTargetException)
        {
            return new ToolEnd.Failed(((ForbiddenTargetException)failure.GetBaseException()).Sentence);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            return talk.Verdict switch
            {
                true => new ToolEnd.Succeeded(),
                false => ToolEnd.SaysFailed,
                null => new ToolEnd.Again(new($"The connection to the tool was lost: {failure.GetBaseException().Message}", $"与工具的连接中断：{failure.GetBaseException().Message}")),
            };
        }
    }

    private static readonly ToolEnd.Failed NotATool = new(new("The answer is not one that a tool gives. Attach the address that takes the call, not a page.", "该应答并非工具应答。请接入接收调用的地址，而非网页。"));

    private static readonly ToolEnd.Failed TooLong = new(new(
        $"The answer was longer than {MostAnswered / 1024 / 1024} MB and was not heard to its end. Let the tool tell how far it is, and no more.", $"应答超过 {MostAnswered / 1024 / 1024} MB，未读取完毕。请让工具只报告进度。"));

    // One document may be written over many lines; none at all is a short way to say that it is done.
    private static async Task<bool> HearWhole(Stream said, ToolTalk talk, CancellationToken cancel)
    {
        using var reader = new StreamReader(said);
        return talk.Hear((await reader.ReadToEndAsync(cancel)).ReplaceLineEndings(" "));
    }

    private static ToolEnd Judge(HttpResponseMessage answer, ToolTalk talk) => answer.StatusCode switch
    {
        HttpStatusCode.Accepted when talk.Verdict is null => new ToolEnd.Accepted(),
        // Its last word was not its last room: a proxy may end an answer as politely as the tool.
        _ when answer.IsSuccessStatusCode && talk is { Verdict: null, Now: (int done, int total, _, _) } && done < total =>
            new ToolEnd.Again(new($"The answer ended at {done} of {total}.", $"应答在 {done}/{total} 处结束。")),
        _ when answer.IsSuccessStatusCode => talk.Verdict == false ? ToolEnd.SaysFailed : new ToolEnd.Succeeded(),
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError =>
            new ToolEnd.Again(Answered(answer), answer.Headers.RetryAfter?.Delta),
        _ => new ToolEnd.Failed(Answered(answer)),
    };

    private static Text Answered(HttpResponseMessage answer) => new($"The tool answered {(int)answer.StatusCode}.", $"工具返回 {(int)answer.StatusCode}。");

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
