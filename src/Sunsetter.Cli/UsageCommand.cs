using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Spectre.Console;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary><c>usage MODULE [QUESTION]</c>: who uses a module, and how much of that is known.</summary>
internal static class UsageCommand
{
    private static readonly Argument<string> Module = new("MODULE")
    {
        Description = T("Key of the module; left out: all modules, or with --customer what that customer uses", "模块标识；缺省为全部模块，配合 --customer 则为该客户使用的模块"),
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> Question = new("QUESTION")
    {
        Description = T("Left out: active users. Or one of: ", "缺省为活跃用户；或其一：") + string.Join(T("; ", "；"), UsageQuestion.All.Select(question => T($"{question.Name} ({question.Meaning})", $"{question.Name}（{question.Meaning}）"))),
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Replacement = new("--replacement") { Description = T("Key of the module to compare with", "对比的（替代）模块标识") };

    private static readonly Option<string> Customer = new("--customer") { Description = T("Only this customer", "仅此客户") };

    private static readonly Option<string> Since = new("--since") { Description = T("For refused calls: since when (ISO 8601); for the history: from which day", "被拒调用：起始时间（ISO 8601）；历史：起始日期") };

    private static readonly Option<string> Until = new("--until")
    {
        Description = T("The last day, UTC: a date, or “today”, which still runs; left out, yesterday, as in the console (not for refused calls)", "截止日（UTC）：日期或 today（当天，尚未结束）；缺省为昨天，与控制台一致（被拒调用除外）"),
    };

    private static readonly Option<string> By = new("--by") { Description = T("For the history: month or week", "历史：month（月）或 week（周）") };

    private static readonly Option<int> Weeks = new("--weeks") { Description = T("For retention, all modules and one customer: weeks that are looked at", "留存、全部模块与单个客户：统计周数"), DefaultValueFactory = _ => 13 };

    private static readonly Option<int> Rows = new("--rows") { Description = T("So many rows at most", "最多显示行数"), DefaultValueFactory = _ => 50 };

    private static readonly Option<int> Days = new("--days") { Description = T("Length of the series, 56 to 800", "统计天数，56 至 800"), DefaultValueFactory = _ => 91 };

    /// <param name="clock">Tells which day was the last whole one.</param>
    public static Command Build(TimeProvider? clock = null)
    {
        var command = new Command("usage", T("Who uses a module", "查看模块的使用情况")) { Module, Question, Replacement, Customer, Since, Until, By, Days, Weeks, Rows, ServerOptions.Server, ServerOptions.Token };
        command.SetAction((arguments, cancel) => Run(arguments, clock ?? TimeProvider.System, cancel));
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, TimeProvider clock, CancellationToken cancel)
    {
        using var client = ServerOptions.Client(arguments);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (!LastDay(arguments.GetValue(Until), today, out var until))
            return Wrong(T("“--until” takes a date such as 2026-11-27, or “today”.", "--until 请填写日期（如 2026-11-27）或 today。"));
        try
        {
            if (arguments.GetValue(Module) is not { } module)
                return Told(await All(client, arguments, until, cancel), until, today);
            var address = $"/api/v1/modules/{Uri.EscapeDataString(module)}/usage";
            if (arguments.GetValue(Question) is { } name)
            {
                var answered = await Answer(client, address, name, arguments, until, cancel);
                return name == "refused" ? answered : Told(answered, until, today);
            }
            var query = Query(("days", $"{arguments.GetValue(Days)}"), ("until", Iso(until)));
            var activity = await Read(client, address + query, cancel);
            var customers = await Read(client, $"{address}/customers{query}", cancel);
            if (activity is null || customers is null)
                return 1;
            Show(activity.Value, customers.Value.GetProperty("rows"));
            return Told(0, until, today);
        }
        catch (HttpRequestException lost)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{T($"{client.BaseAddress} cannot be reached: {lost.Message}.", $"无法连接 {client.BaseAddress}：{lost.Message}。")}[/]");
            return 1;
        }
    }

    private static bool LastDay(string? asked, DateOnly today, out DateOnly until)
    {
        until = asked is null ? today.AddDays(-1) : today;
        return asked is null or "today" || DateOnly.TryParseExact(asked, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out until);
    }

    /// <summary>Under an answer: up to which day it counts, and what of the day that runs.</summary>
    private static int Told(int exit, DateOnly until, DateOnly today)
    {
        if (exit == 0)
            AnsiConsole.WriteLine(until < today ? T($"Whole days up to {Iso(until)} (UTC). The day that still runs is not in it: --until today counts it as far as it has been reported.", $"统计至 {Iso(until)}（UTC，仅整日）。当天尚未结束，未计入；--until today 可计入已上报的部分。")
                : T($"Up to {Iso(until)} (UTC), a day that still runs: its figures grow until it is over.", $"统计至 {Iso(until)}（UTC）。当天尚未结束，数字仍会增加。"));
        return exit;
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<int> All(HttpClient client, ParseResult arguments, DateOnly until, CancellationToken cancel)
    {
        var customer = arguments.GetValue(Customer);
        var path = customer is null ? "/api/v1/usage/modules" : $"/api/v1/customers/{Uri.EscapeDataString(customer)}/usage";
        if (await Read(client, path + Query(("weeks", $"{arguments.GetValue(Weeks)}"), ("until", Iso(until))), cancel) is not { } answer)
            return 1;
        ShowTable(customer is null ? UsageQuestion.Modules : UsageQuestion.OfCustomer, [.. answer.EnumerateArray()], arguments.GetValue(Rows));
        return 0;
    }

    private static async Task<int> Answer(HttpClient client, string address, string name, ParseResult arguments, DateOnly until, CancellationToken cancel)
    {
        var question = UsageQuestion.All.FirstOrDefault(one => one.Name == name);
        if (question is null)
            return Wrong(T($"There is no question “{name}”. There are: {string.Join(", ", UsageQuestion.All.Select(one => one.Name))}.", $"没有问题“{name}”。可用：{string.Join("、", UsageQuestion.All.Select(one => one.Name))}。"));
        var replacement = arguments.GetValue(Replacement);
        if (question.NeedsReplacement && replacement is null)
            return Wrong(T($"“{name}” compares two modules: name the other with --replacement.", $"“{name}”需要对比两个模块：请用 --replacement 指定另一个。"));
        var query = Query(("replacement", replacement), ("customer", arguments.GetValue(Customer)), ("since", name == "refused" ? arguments.GetValue(Since) : null), ("until", name == "refused" ? null : Iso(until)),
            ("from", name == "history" ? arguments.GetValue(Since) : null), ("by", name == "history" ? arguments.GetValue(By) : null), ("weeks", name == "retention" ? $"{arguments.GetValue(Weeks)}" : null), ("order", name == "customers" ? "last-use" : null), ("days", arguments.GetResult(Days) is { Implicit: false } ? $"{arguments.GetValue(Days)}" : null));
        if (await Read(client, $"{address}/{question.Path}{query}", cancel) is not { } answer)
            return 1;
        ShowRows(question, answer, arguments.GetValue(Customer), arguments.GetValue(Rows));
        ShowCoverage(answer.GetProperty("coverage"));
        if (answer.TryGetProperty("replacement", out var other) && other.ValueKind == JsonValueKind.Object)
        {
            AnsiConsole.WriteLine(T($"{replacement}:", $"{replacement}："));
            ShowCoverage(other);
        }
        return 0;
    }

    private static void ShowRows(UsageQuestion question, JsonElement answer, string? customer, int most)
    {
        List<JsonElement> Of(string member) => [.. answer.GetProperty(member).EnumerateArray().Where(row => customer is null || !row.TryGetProperty("customer", out var key) || key.GetString() == customer)];
        ShowTable(question.Columns, [.. Of(question.Rows).Where(question.Takes)], most);
        if (question.Also is { } also)
            ShowTable(also.Columns, Of(also.Rows), most);
    }

    private static void ShowTable(IReadOnlyList<(string Member, string Title)> columns, List<JsonElement> rows, int most)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (_, title) in columns)
            table.AddColumn(title);
        foreach (var row in rows.Take(most))
            table.AddRow([.. columns.Select(column => UsageQuestion.Cell(row, column.Member).EscapeMarkup())]);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(rows.Count > most ? T($"The first {most} of {rows.Count}.", $"共 {rows.Count} 行，显示前 {most} 行。") : T($"{rows.Count} in all.", $"共 {rows.Count} 行。"));
    }

    private static void ShowCoverage(JsonElement coverage)
    {
        AnsiConsole.WriteLine(coverage.GetProperty("sentence").GetProperty(Language == "en" ? "en" : "zh").GetString()!);
        foreach (var source in coverage.GetProperty("sources").EnumerateArray())
            AnsiConsole.WriteLine(T($"  {source.GetProperty("source").GetString()}: {source.GetProperty("first").GetString()} to {source.GetProperty("last").GetString()}",
                $"  {source.GetProperty("source").GetString()}：{source.GetProperty("first").GetString()} 至 {source.GetProperty("last").GetString()}"));
        foreach (var gap in coverage.GetProperty("gaps").EnumerateArray().TakeLast(5))
            AnsiConsole.WriteLine(T($"  nothing known from {gap.GetProperty("from").GetString()} to {gap.GetProperty("until").GetString()}", $"  {gap.GetProperty("from").GetString()} 至 {gap.GetProperty("until").GetString()} 无数据"));
    }

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    private static int Wrong(string sentence)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{sentence}[/]");
        return 1;
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
            .AddRow(T("trend of 28 days", "28 天趋势"), activity.TryGetProperty("trend", out var trend) && trend.ValueKind == JsonValueKind.Number ? UsageQuestion.Cell(activity, "trend") : T("unknown", "未知"));
        AnsiConsole.Write(table);
        ShowCoverage(activity.GetProperty("coverage"));
        var tiers = new Table().Border(TableBorder.Simple).AddColumn(T("tier", "套餐"));
        foreach (var title in new[] { T("customers", "客户"), T("last day", "最近一天"), T("7 days", "7 天"), T("28 days", "28 天"), T("trend", "趋势") })
            tiers.AddColumn(new TableColumn(title).RightAligned());
        foreach (var tier in activity.GetProperty("tiers").EnumerateArray())
            tiers.AddRow(tier.GetProperty("tier").GetString()!.EscapeMarkup(), Figure(tier, "customers"), Figure(tier, "day"), Figure(tier, "week"), Figure(tier, "month"), UsageQuestion.Cell(tier, "trend"));
        AnsiConsole.Write(tiers);

        var heaviest = new Table().Border(TableBorder.Simple).AddColumn(T("customer", "客户")).AddColumn(T("tier", "套餐")).AddColumn(new TableColumn(T("28 days", "28 天")).RightAligned()).AddColumn(new TableColumn(T("trend", "趋势")).RightAligned()).AddColumn(T("last use", "最近使用"));
        foreach (var customer in customers.EnumerateArray().Take(20))
            heaviest.AddRow(customer.GetProperty("customer").GetString()!.EscapeMarkup(), customer.GetProperty("tier").GetString()!.EscapeMarkup(), Figure(customer, "month"), UsageQuestion.Cell(customer, "trend"), UsageQuestion.Cell(customer, "lastUse"));
        AnsiConsole.Write(heaviest);
        if (customers.GetArrayLength() > 20)
            AnsiConsole.WriteLine(T($"The 20 heaviest of {customers.GetArrayLength()} customers.", $"共 {customers.GetArrayLength()} 个客户，显示用量最大的 20 个。"));
    }

    private static string Figure(JsonElement of, string name) => Number(of.GetProperty(name).GetInt64());
}
