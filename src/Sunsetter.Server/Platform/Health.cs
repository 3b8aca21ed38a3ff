using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], () => Results.Text("alive")).ExcludeFromDescription();
        app.MapMethods("/health/ready", [HttpMethods.Get, HttpMethods.Head], async (IDbContextFactory<SunsetterDb> databases, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await db.Database.CanConnectAsync(cancel) ? Results.Text("ready") : Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }).ExcludeFromDescription();
    }
}
