using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Sunsetter.Server.Platform;

/// <summary>A request that cannot be read, and an address that does not exist, told to a program as problem details with a code, to a person as a page.</summary>
internal sealed partial class UnreadableRequests : IExceptionHandler
{
    public static void Add(IServiceCollection services)
    {
        services.AddExceptionHandler<UnreadableRequests>();
        // The framework then says what it could not read instead of answering 400 without a word.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    public static void Use(WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/missing", createScopeForStatusCodePages: true);
        app.Use((http, next) =>
        {
            // The page that says what went wrong is read, whatever was posted.
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                http.Request.Method = HttpMethods.Get;
            return IsForPrograms(http) ? Answer(http, next) : Page(http, next);
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = http => IsForPrograms(http) ? Unforeseen.ToProblem().ExecuteAsync(http) : Task.CompletedTask });
    }

    /// <summary>Paths that programs call; all others are pages.</summary>
    public static bool IsForPrograms(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/edge") || http.Request.Path.StartsWithSegments("/ofrep");

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancel)
    {
        // A form that is not ours, or lay open too long: reading it throws, and that is no fault of the server.
        if (exception is InvalidOperationException && http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return true;
        }
        if (exception is not BadHttpRequestException unreadable)
            return false;
        http.Response.StatusCode = unreadable.StatusCode;
        if (IsForPrograms(http))
            await Why(unreadable, http).ToProblem().ExecuteAsync(http);
        return true;
    }

    private static async Task Page(HttpContext http, RequestDelegate next)
    {
        await next(http);
        // A page names its content type before it looks at the form; without a body it is no content, and the person would see white.
        if (http.Response is { HasStarted: false, StatusCode: StatusCodes.Status400BadRequest, ContentLength: null } && HttpMethods.IsPost(http.Request.Method))
            http.Response.ContentType = null;
    }

    private static async Task Answer(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        await next(http);
        var answer = http.Response;
        if (answer is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } && Wordless(answer.StatusCode) is { } refusal)
            await refusal.ToProblem().ExecuteAsync(http);
    }

    private static Refusal? Wordless(int status) => status switch
    {
        StatusCodes.Status404NotFound => new("request.no-such-address", "There is nothing at this address. The API is described at /openapi/v1.json.", "该地址不存在。接口说明见 /openapi/v1.json。", status),
        StatusCodes.Status405MethodNotAllowed => new("request.method", "This address does not take this method. The API is described at /openapi/v1.json.", "该地址不支持此方法。接口说明见 /openapi/v1.json。", status),
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        _ => null,
    };

    private static Refusal Why(BadHttpRequestException unreadable, HttpContext http) => unreadable switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        { InnerException: JsonException json } when Missing().Match(json.Message) is { Success: true } missing => Incomplete([.. missing.Groups["name"].Captures.Select(name => name.Value)]),
        { InnerException: JsonException json } when Possible(json, http) is { Count: > 0 } words => new("request.unreadable",
            $"The body cannot be read as JSON at “{json.Path ?? "$"}”, line {json.LineNumber + 1}: this takes one of the words {string.Join(", ", words)}. Correct it and send it again.",
            $"请求正文在“{json.Path ?? "$"}”处（第 {json.LineNumber + 1} 行）无法识别：可填写 {string.Join("、", words)}。请更正后重试。", StatusCodes.Status400BadRequest)
        { Field = json.Path },
        { InnerException: JsonException json } => new("request.unreadable", $"The body cannot be read as JSON at “{json.Path ?? "$"}”, line {json.LineNumber + 1}. Correct that value and send it again.",
            $"请求正文在“{json.Path ?? "$"}”处（第 {json.LineNumber + 1} 行）无法按 JSON 解析。请更正后重试。", StatusCodes.Status400BadRequest)
        { Field = json.Path },
        _ => BadValue(unreadable),
    };

    private static Refusal Incomplete(IReadOnlyList<string> names) => new(
        "request.missing-field", $"The body lacks {string.Join(", ", names.Select(name => $"“{name}”"))}. Add {(names.Count == 1 ? "it" : "them")} and send it again.", $"请求正文缺少{string.Join("、", names.Select(name => $"“{name}”"))}。请补充后重试。",
        StatusCodes.Status400BadRequest)
    { Field = names[0] };

    /// <summary>The words that could stand where another does; none where no list of words is meant.</summary>
    private static IReadOnlyList<string> Possible(JsonException json, HttpContext http)
    {
        var type = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        foreach (Match step in Step().Matches(json.Path ?? ""))
        {
            if (type is null)
                return [];
            var here = options.GetTypeInfo(type);
            type = here.ElementType ?? here.Properties.FirstOrDefault(member => member.Name.Equals(step.Groups["name"].Value, StringComparison.OrdinalIgnoreCase))?.PropertyType;
        }
        return type is not null && (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words ? [.. Enum.GetNames(words).Take(MostWords).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)] : [];
    }

    /// <summary>The framework speaks of parameters and binding, and in one language: only the name is taken from its sentence.</summary>
    private static Refusal BadValue(BadHttpRequestException unreadable)
    {
        if (unreadable.Message.StartsWith("Implicit body", StringComparison.Ordinal))
            return new("request.bad-value", "The body is missing. Send it as JSON, as /openapi/v1.json describes it.", "缺少请求正文。请按 /openapi/v1.json 的说明以 JSON 发送。", unreadable.StatusCode);
        if (Parameter().Match(unreadable.Message) is not { Success: true } found)
            return new("request.bad-value", "The request holds something that cannot be read. Compare it with /openapi/v1.json and send it again.", "请求中有无法识别的内容。请对照 /openapi/v1.json 更正后重试。", unreadable.StatusCode);
        var name = found.Groups["name"].Value;
        return new Refusal("request.bad-value", $"What is given for “{name}” cannot be read, or nothing is. Compare it with /openapi/v1.json and send it again.",
            $"“{name}”的值无法识别或缺失。请对照 /openapi/v1.json 更正后重试。", unreadable.StatusCode)
        { Field = name };
    }

    [GeneratedRegex("parameter \"[^\"]* (?<name>\\w+)\"")]
    private static partial Regex Parameter();

    // Of this sentence of the serializer, too, the names alone are taken.
    [GeneratedRegex("missing required properties including: ('(?<name>\\w+)'(, )?)+")]
    private static partial Regex Missing();

    // Of “$.reasons[0].kind”: the member, the place in the list, the member.
    [GeneratedRegex(@"\.(?<name>\w+)|\[[^\]]*\]")]
    private static partial Regex Step();

    private const int MostWords = 40;

    private static readonly Refusal TooLarge = new("request.too-large", "The request is larger than this address takes. Send less at once.", "请求超过该地址允许的大小。请分批发送。", StatusCodes.Status413PayloadTooLarge);

    private static readonly Refusal NotJson = new("request.not-json", "Send the body as “Content-Type: application/json”.", "请以“Content-Type: application/json”发送正文。", StatusCodes.Status415UnsupportedMediaType);

    private static readonly Refusal Unforeseen = new("server.unforeseen", "The server could not carry this out; nothing was changed. It is logged: tell an operator the time of this call.",
        "服务器未能完成此操作，未作任何更改。问题已记录，请将调用时间告知运维。", StatusCodes.Status500InternalServerError);
}
