using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Spectre.Console;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary><c>import modules|customers|contacts|usage FILE</c>: sends a file and shows how far it is. Ends with 0; with 2 where lines were rejected, with 1 where the file was refused.</summary>
internal static class ImportCommand
{
    private static readonly Argument<FileInfo> File = new("FILE") { Description = T("CSV with a header line, or the same as .gz", "带表头的 CSV，或其 .gz 压缩") };

    private static readonly Option<string[]> Map = new("--map")
    {
        Description = T("Our column = column in the file, such as --map name=Company; may be repeated", "我方列名=文件列名，例如 --map name=Company；可重复"), AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<FileInfo> Rejects = new("--rejects") { Description = T("Where the rejected lines go; else FILE.rejects.csv", "被拒行写入的文件；缺省为 FILE.rejects.csv") };

    public static Command Build()
    {
        var import = new Command("import", T("Import a file", "导入文件"));
        import.Add(Kind("modules", T("Feature modules", "功能模块")));
        import.Add(Kind("customers", T("Customers", "客户")));
        import.Add(Kind("contacts", T("Contacts of customers", "客户联系人")));
        import.Add(Kind("usage", T("Usage; --map also takes separator=space, header=no, epoch=2003-10-01T00:00:00Z, module='chat'", "使用数据；--map 还支持 separator=space、header=no、epoch=2003-10-01T00:00:00Z、module='chat'")));
        return import;
    }

    private static Command Kind(string kind, string description)
    {
        var command = new Command(kind, description) { File, Map, Rejects, ServerOptions.Server, ServerOptions.Token };
        command.SetAction((arguments, cancel) => Run(kind, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(string kind, ParseResult arguments, CancellationToken cancel)
    {
        var file = arguments.GetValue(File)!;
        if (!file.Exists)
            return Problem(T($"There is no file “{file.FullName}”.", $"没有文件“{file.FullName}”。"));

        using var client = ServerOptions.Client(arguments);
        var id = Guid.CreateVersion7();
        var query = string.Concat((arguments.GetValue(Map) ?? []).Select(map => $"&map={Uri.EscapeDataString(map)}"));
        try
        {
            using var answer = await Send(client, file, $"/api/v1/imports/{kind}?id={id}&file={Uri.EscapeDataString(file.Name)}{query}", id, cancel);
            var run = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            return answer.IsSuccessStatusCode
                ? await Finished(client, run, arguments.GetValue(Rejects) ?? new FileInfo(file.FullName + ".rejects.csv"), cancel)
                : Problem(run.TryGetProperty("title", out var title) ? title.GetString()! : T($"The server answered {(int)answer.StatusCode}.", $"服务器返回 {(int)answer.StatusCode}。"));
        }
        catch (HttpRequestException lost)
        {
            return Problem(T($"{client.BaseAddress} cannot be reached: {lost.Message}. What was sent is kept; run the same command again, nothing counts twice.",
                $"无法连接 {client.BaseAddress}：{lost.Message}。已发送的内容会保留；请再次运行同一命令，不会重复计算。"));
        }
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, FileInfo file, string address, Guid id, CancellationToken cancel) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn()).StartAsync(async progress =>
        {
            var task = progress.AddTask(file.Name.EscapeMarkup(), maxValue: Math.Max(1, file.Length));
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FileContent(file, sent => task.Value = sent) };
            // The server may refuse before a byte is on its way.
            request.Headers.ExpectContinue = true;
            var sending = client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
            while (await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancel)) != sending)
                if (await Progress(client, id, cancel) is { } words)
                    task.Description = $"{file.Name} · {words}".EscapeMarkup();
            return await sending;
        });

    private static async Task<string?> Progress(HttpClient client, Guid id, CancellationToken cancel)
    {
        using var answer = await client.GetAsync($"/api/v1/imports/{id}", cancel);
        if (!answer.IsSuccessStatusCode)
            return null;
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return T($"{Count(run, "lines")} lines, {Count(run, "rejected")} rejected", $"{Count(run, "lines")} 行，拒绝 {Count(run, "rejected")} 行");
    }

    private static async Task<int> Finished(HttpClient client, JsonElement run, FileInfo rejects, CancellationToken cancel)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        table.AddRow(T("lines", "行"), Count(run, "lines")).AddRow(T("added", "新增"), Count(run, "added")).AddRow(T("changed", "变更"), Count(run, "changed"))
            .AddRow(T("unchanged", "未变"), Count(run, "unchanged")).AddRow(T("rejected", "拒绝"), Count(run, "rejected"));
        AnsiConsole.Write(table);
        var unknown = run.GetProperty("unknownColumns").EnumerateArray().Select(column => column.GetString()).ToList();
        if (unknown.Count > 0)
            AnsiConsole.MarkupLineInterpolated($"[yellow]{T("Columns that were not used:", "未使用的列：")} {string.Join(T(", ", "、"), unknown)}[/]");
        if (run.GetProperty("unknownKeys") is var keys && keys.GetArrayLength() > 0)
            AnsiConsole.MarkupLineInterpolated($"[yellow]{T("Counted, but not in the catalogue:", "已计入，但不在目录中：")} {string.Join(T(", ", "、"), keys.EnumerateArray().Select(key => key.GetString()))}[/]");
        if (!run.TryGetProperty("rejects", out var address) || address.GetString() is not { } where)
            return 0;

        await using (var content = await client.GetStreamAsync(where, cancel))
        await using (var copy = rejects.Create())
            await content.CopyToAsync(copy, cancel);
        foreach (var reject in run.GetProperty("firstRejects").EnumerateArray().Take(5))
            AnsiConsole.MarkupLineInterpolated($"[yellow]{T("line", "第")} {reject.GetProperty("line").GetInt64()}{T(":", " 行：")} {reject.GetProperty("reason").GetString()}[/]");
        AnsiConsole.WriteLine(T($"All rejected lines with their reasons: {rejects.FullName}", $"全部被拒行及原因：{rejects.FullName}"));
        return 2;
    }

    private static string Count(JsonElement run, string name) => Number(run.GetProperty(name).GetInt64());

    private static int Problem(string sentence)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{sentence}[/]");
        return 1;
    }
}
