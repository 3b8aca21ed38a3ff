using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>What the console's import form posts to: the small fields first, then the file, read as it comes.</summary>
internal static class ImportUpload
{
    private const int LongestField = 8 * 1024, MostFields = 8;

    // What a reader says of a body that ends too early; a full disk says something else, and is no fault of the form.
    private const int EndedEarly = unchecked((int)0x80131620);

    public static void Map(WebApplication app) =>
        app.MapPost("/import/upload", async (HttpContext http, ClaimsPrincipal user, IAntiforgery antiforgery, Uploads uploads, Settings settings, CancellationToken cancel) =>
        {
            http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            var outcome = await Parsed(http, Actor.Of(user), antiforgery, uploads, await settings.Get<ImportSettings>(cancel), cancel);
            return outcome.Refused(out var refusal)
                ? Results.LocalRedirect($"/import?problem={Uri.EscapeDataString(refusal.Code)}")
                : Results.LocalRedirect($"/import/{outcome.Value}");
        }).ExcludeFromDescription().RequireAuthorization().WithOrder(-1); // before the page at the same address, which answers POST too

    /// <summary>A body that is no form, or ends in the middle of one.</summary>
    private static async Task<Outcome<Guid>> Parsed(HttpContext http, Actor actor, IAntiforgery antiforgery, Uploads uploads, ImportSettings bounds, CancellationToken cancel)
    {
        try
        {
            return await Take(http, actor, antiforgery, uploads, bounds, cancel);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or IOException { HResult: EndedEarly } and not BadHttpRequestException)
        {
            return NoForm;
        }
    }

    private static async Task<Outcome<Guid>> Take(HttpContext http, Actor actor, IAntiforgery antiforgery, Uploads uploads, ImportSettings bounds, CancellationToken cancel)
    {
        if (http.Request.ContentLength > bounds.MostMegabytes * 1024L * 1024 + 64 * 1024)
            return ImportFile.OverSize(bounds);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            return NoForm;

        var fields = new Dictionary<string, string>();
        var reader = new MultipartReader(boundary, http.Request.Body);
        while (await reader.ReadNextSectionAsync(cancel) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                return NoForm;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
                return await TakeFile(fields, section.Body, FileName(disposition), http, actor, antiforgery, uploads, bounds, cancel);
            if (fields.Count == MostFields)
                return NoForm;
            fields[name] = await Field(section.Body, cancel);
            if (name == "kind" && Kind(fields) is { } kind && !actor.May(kind.Needed()))
                return Refusal.Forbidden(kind.Needed().Scope());
        }
        return NoFile;
    }

    private static async Task<Outcome<Guid>> TakeFile(
        Dictionary<string, string> fields, Stream file, string name, HttpContext http, Actor actor, IAntiforgery antiforgery, Uploads uploads, ImportSettings bounds, CancellationToken cancel)
    {
        // The token stands in front of the file, so that nobody's file is kept before it is known that the form was ours.
        http.Request.Headers["RequestVerificationToken"] = fields.GetValueOrDefault("__RequestVerificationToken", "");
        if (!await antiforgery.IsRequestValidAsync(http))
            return StaleForm;
        if (Kind(fields) is not { } kind)
            return NoForm;
        if (!actor.May(kind.Needed()))
            return Refusal.Forbidden(kind.Needed().Scope());
        if (name.Length == 0)
            return NoFile;
        var map = fields.GetValueOrDefault("map", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var request = new ImportRequest(Guid.CreateVersion7(), kind, name, actor.Id, map, null);
        return await uploads.Take(request, file, bounds, cancel) is { } refusal ? refusal : request.Id;
    }

    private static ImportKind? Kind(Dictionary<string, string> fields) =>
        Enum.TryParse<ImportKind>(fields.GetValueOrDefault("kind"), ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    private static string FileName(ContentDispositionHeaderValue disposition) =>
        Path.GetFileName(HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "");

    private static async Task<string> Field(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[LongestField];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    /// <summary>The sentence behind the code in the page's address: an address must not make the page say anything else.</summary>
    public static Refusal? Of(string? code, ImportSettings bounds) => code switch
    {
        null or "" => null,
        "import.no-file" => NoFile,
        "import.stale-form" => StaleForm,
        "import.bad-mapping" or "import.map" => BadMapping,
        "import.too-large" => ImportFile.OverSize(bounds),
        "forbidden" => Refusal.Forbidden(Permission.EditCatalogue.Scope()),
        _ => NoForm,
    };

    private static readonly Refusal NoForm = new("import.no-form", "This was not the form of the import page. Open /import and choose a file there.", "提交的不是导入页面的表单。请打开 /import 选择文件。", StatusCodes.Status400BadRequest);
    private static readonly Refusal NoFile = new("import.no-file", "Choose a file first.", "请先选择文件。", StatusCodes.Status400BadRequest);
    private static readonly Refusal StaleForm = new("import.stale-form", "The form has expired. Open the page again and repeat the upload.", "表单已过期。请重新打开页面后再上传。", StatusCodes.Status400BadRequest);
    private static readonly Refusal BadMapping = new("import.bad-mapping", "A mapping was not understood. Write one per line, OUR-COLUMN=COLUMN-IN-THE-FILE, such as name=Company.", "映射无法识别。请每行一条，写作“我方列名=文件列名”，例如 name=Company。", StatusCodes.Status400BadRequest);
}
