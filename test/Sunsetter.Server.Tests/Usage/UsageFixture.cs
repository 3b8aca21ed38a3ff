using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>Short words for tests of usage.</summary>
internal static class UsageFixture
{
    public static readonly ModuleKey OldRooms = new("rooms"), Spaces = new("spaces");
    public static readonly CustomerKey Huaxin = new("huaxin"), Delta = new("delta");

    public static DateOnly Today => DateOnly.FromDateTime(ServerUnderTest.Start.UtcDateTime);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static object Event(string time, string module, string customer, string? user, long count = 1, bool refused = false) =>
        refused ? new { time, module, customer, user, count, refused } : new { time, module, customer, user, count };

    public static Task<HttpResponseMessage> Send(this HttpClient client, string batch, params object[] events) =>
        client.PostAsJsonAsync("/edge/v1/usage", new { batch, events }, Cancel);

    public static async Task<JsonElement> Body(this Task<HttpResponseMessage> sent) =>
        JsonDocument.Parse(await (await sent).Content.ReadAsStringAsync(Cancel)).RootElement;

    /// <summary>Imports lines through the whole path and returns what became of them.</summary>
    public static async Task<UsageImportResult> Import(this ServerUnderTest server, string content, string map = "", TextWriter? rejects = null, string source = "files") =>
        (await server.Get<UsageImport>().Run(new MemoryStream(Encoding.UTF8.GetBytes(content)), UsageMapping.Parse(map).Value with { Source = source }, rejects, null, Cancel)).Value;

    /// <summary>Everything stored, as text: two databases with the same facts have the same text.</summary>
    public static async Task<string> Dump(this ServerUnderTest server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        var rows = await db.Database.SqlQuery<Row>($"select c.key as customer, d.day as day, d.figures as figures from usage_day d join usage_customer c on c.id = d.customer_id").ToListAsync(Cancel);
        var modules = (await server.Get<UsageKeys>().Modules(Cancel)).ToDictionary(module => module.Key, module => module.Value.Value);
        modules[GroupRows.AnyModule] = "*";
        return string.Join('\n', rows.SelectMany(row => DayFigures.Read(row.Figures)
            .Select(figure => $"{modules[figure.Module]} {row.Customer} {DateOnly.FromDayNumber(row.Day):yyyy-MM-dd} {figure.People} {figure.Calls}")).Order(StringComparer.Ordinal));
    }

    private sealed record Row(string Customer, int Day, byte[] Figures);
}
