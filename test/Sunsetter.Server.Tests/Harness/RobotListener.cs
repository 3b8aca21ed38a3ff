using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sunsetter.Harness;

/// <summary>A robot's end of the line, on this machine.</summary>
internal sealed class RobotListener(WebApplication app) : IAsyncDisposable
{
    public string Url => $"{app.Urls.First()}/hook";
    public byte[]? Received { get; private set; }
    public string? Query { get; private set; }

    public static async Task<RobotListener> Start(int status, string answer, string? contentType = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var robot = new RobotListener(app);
        app.MapPost("/hook", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            (robot.Received, robot.Query) = (body.ToArray(), http.Request.QueryString.Value);
            http.Response.StatusCode = status;
            http.Response.ContentType = contentType;
            if (status == 302)
                http.Response.Headers.Location = "http://127.0.0.1:9/elsewhere";
            await http.Response.WriteAsync(answer);
        });
        await app.StartAsync();
        return robot;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
