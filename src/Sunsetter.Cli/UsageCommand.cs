using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Spectre.Console;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary><c>usage MODULE</c>: who uses a module, and how much of that is known.</summary>
internal static class UsageCommand
{
    private static readonly Argument<string> Module = new("MODULE") { Description = T("Key of the module", "模块标识") };

    private static readonly Option<int> Days = new("--days") { Description = T("Length of the series, 56 to 800", "统计天数，56 至 800"), DefaultValueFactory = _ => 91 };

    public static Command Build()
    {
        var command = new Command("usage", T("Who uses a module", "查看模块的使用情况")) { Module, Days, ServerOptions.Server, ServerOptions.Token };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        using var client = ServerOptions.Client(arguments);
        var address = $"/api/v1/modules/{Uri.EscapeDataString(arguments.GetValue(Module)!)}/usage";
        try
        {
            var activity = await Read(client, $"{address}?days={arguments.GetValue(Days)}", cancel);
            var customers = await Read(client, $"{address}/customers?days={arguments.GetValue(Days)}", cancel);
            if (activity is null || customers is null)
                return 1;
            Show(activity.Value, customers.Value);
            return 0;
        }
        catch (HttpRequestException lost)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{T($"{client.BaseAddress} cannot be reached: {lost.Message}.", $"无法连接 {client.BaseAddress}：{lost.Message}。")}[/]");
            return 1;
        }
    }

    private static async Task<JsonElement?> Read(HttpClient client, string address, CancellationToken cancel)
    {
        using var answer = await client.GetAsync(address, cancel);
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        var problem = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancel) : default;
        var words = problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("title", out var title) ? title.GetString() : T($"The server answered {(int)answer.StatusCode}.", $"服务器返回 {(int)answer.StatusCode}。");
        AnsiConsole.MarkupLineInterpolated($"[red]{words}[/]");
        return null;
    }

    private static void Show(JsonElement activity, JsonElement customers)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(T("active users", "活跃用户")).AddColumn(new TableColumn("").RightAligned());
        table.AddRow(T("last day", "最近一天"), Figure(activity, "day")).AddRow(T("7 days", "7 天"), Figure(activity, "week")).AddRow(T("28 days", "28 天"), Figure(activity, "month"))
            .AddRow(T("trend of 28 days", "28 天趋势"), activity.TryGetProperty("trend", out var trend) && trend.ValueKind == JsonValueKind.Number ? trend.GetDouble().ToString("+0 %;−0 %", System.Globalization.CultureInfo.InvariantCulture) : T("unknown", "未知"));
        AnsiConsole.Write(table);
        var coverage = activity.GetProperty("coverage").GetProperty("sentence");
        AnsiConsole.WriteLine(coverage.GetProperty(Language == "en" ? "en" : "zh").GetString()!);

        var heaviest = new Table().Border(TableBorder.Simple).AddColumn(T("customer", "客户")).AddColumn(T("tier", "套餐")).AddColumn(new TableColumn(T("28 days", "28 天")).RightAligned()).AddColumn(T("last use", "最近使用"));
        foreach (var customer in customers.EnumerateArray().Take(20))
            heaviest.AddRow(customer.GetProperty("customer").GetString()!.EscapeMarkup(), customer.GetProperty("tier").GetString()!.EscapeMarkup(), Figure(customer, "month"), customer.TryGetProperty("lastUse", out var last) ? last.GetString() ?? "—" : "—");
        AnsiConsole.Write(heaviest);
        if (customers.GetArrayLength() > 20)
            AnsiConsole.WriteLine(T($"The 20 heaviest of {customers.GetArrayLength()} customers.", $"共 {customers.GetArrayLength()} 个客户，显示用量最大的 20 个。"));
    }

    private static string Figure(JsonElement of, string name) => Number(of.GetProperty(name).GetInt64());
}
