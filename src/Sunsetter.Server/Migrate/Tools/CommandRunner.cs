using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>
/// Runs an executable of the operator's list: arguments as a list and never through a shell, the work as one JSON line on its standard input, an
/// environment without our own secrets. Exit code 0 is success, 75 (EX_TEMPFAIL of sysexits.h) means "call again", everything else is failure.
/// </summary>
internal sealed class CommandRunner(ToolCommands commands) : IToolRunner
{
    private const int TryAgain = 75;
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    public MigrationToolKind Kind => MigrationToolKind.Command;

    public async Task<ToolEnd> Run(ToolCall call, ToolTalk talk, CancellationToken cancel)
    {
        if (commands.PathOf(call.Tool.Target) is not { } path)
            return new ToolEnd.Failed(new($"“{call.Tool.Target}” is no longer on the list of commands that this server may run.", $"“{call.Tool.Target}”已不在本服务器允许运行的命令列表中。"));
        var arguments = new List<string>();
        foreach (var argument in call.Tool.Arguments)
        {
            var filled = Fill(argument, call.Work);
            // A customer whose key begins with a hyphen must not become an option of the tool.
            if (filled.StartsWith('-') && !argument.StartsWith('-'))
                return new ToolEnd.Failed(new($"The argument “{filled}” would be read as an option. Write it as --name={argument}, or let the tool read its standard input.",
                    $"参数“{filled}”会被当作选项。请写成 --name={argument}，或由工具读取标准输入。"));
            arguments.Add(filled);
        }
        using var process = Start(path, arguments, call.Work, out var problem);
        return process is null ? new ToolEnd.Failed(new($"{path} cannot be started: {problem}", $"{path} 无法启动：{problem}")) : await Follow(process, call.Work, talk, cancel);
    }

    private static async Task<ToolEnd> Follow(Process process, ToolWork work, ToolTalk talk, CancellationToken cancel)
    {
        try
        {
            var said = Task.WhenAll(talk.Hear(process.StandardOutput.BaseStream, cancel), talk.Hear(process.StandardError.BaseStream, cancel));
            await Tell(process, work, cancel);
            await process.WaitForExitAsync(cancel);
            await said;
        }
        finally
        {
            // Its children too: a tool that was stopped must not go on behind our back.
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        return process.ExitCode switch
        {
            0 when talk.Verdict != false => new ToolEnd.Succeeded(),
            0 => ToolEnd.SaysFailed,
            TryAgain => new ToolEnd.Again(new("The tool asks to be called again (exit code 75).", "工具要求稍后再次调用（退出码 75）。")),
            var code => new ToolEnd.Failed(new($"The tool ended with exit code {code}.", $"工具以退出码 {code} 结束。")),
        };
    }

    private static async Task Tell(Process process, ToolWork work, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(work, Json.Stored) + "\n"), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool did not read its input: its arguments may be all it needs.
        }
    }

    private static Process? Start(string path, IReadOnlyList<string> arguments, ToolWork work, out string problem)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        var kept = Inherited.Select(name => (name, value: start.Environment.TryGetValue(name, out var value) ? value : null)).Where(one => one.value is not null).ToList();
        // The database's password and the tokens of this server are none of the tool's business.
        start.Environment.Clear();
        foreach (var (name, value) in kept)
            start.Environment[name] = value;
        start.Environment["SUNSETTER_RUN"] = work.Run.ToString("N");
        start.Environment["SUNSETTER_IDEMPOTENCY_KEY"] = work.Key;
        try
        {
            problem = "";
            return Process.Start(start);
        }
        catch (Win32Exception failure)
        {
            problem = failure.Message;
            return null;
        }
    }

    /// <summary>Fills the names in braces; what is filled in is never split or read again.</summary>
    internal static string Fill(string argument, ToolWork work)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < argument.Length;)
        {
            var end = argument[at] == '{' ? argument.IndexOf('}', at) : -1;
            if (end > 0 && ValueOf(argument[(at + 1)..end], work) is { } value)
                (_, at) = (filled.Append(value), end + 1);
            else
                filled.Append(argument[at++]);
        }
        return filled.ToString();
    }

    private static string? ValueOf(string name, ToolWork work) => name switch
    {
        "customer" => work.Customer.Key.Value,
        "module" => work.Module.Value,
        "replacement" => work.Replacement?.Value ?? "",
        "retirement" => work.Retirement.ToString(),
        "run" => work.Run.ToString("N"),
        "key" => work.Key,
        "mode" => work.DryRun ? "dry-run" : "run",
        _ => null,
    };
}
