using System.CommandLine;
using Spectre.Console;
using Sunsetter.Server.Retirements;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary><c>evidence verify FILE</c>: checks an evidence file alone, without a server. Ends with 1 where it was changed.</summary>
internal static class EvidenceCommand
{
    private static readonly Argument<FileInfo> File = new("FILE") { Description = T("An exported evidence file", "导出的存证文件") };

    public static Command Build()
    {
        var verify = new Command("verify", T("Check a file offline: every fact, every link, the seal", "离线校验：逐条记录、逐个链接、封印")) { File };
        verify.SetAction(Run);
        return new Command("evidence", T("Evidence of a retirement", "退役存证")) { verify };
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        var file = arguments.GetValue(File)!;
        if (!file.Exists)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{T($"There is no file “{file.FullName}”.", $"没有文件“{file.FullName}”。")}[/]");
            return 1;
        }
        await using var content = file.OpenRead();
        var verdict = await EvidenceVerifier.Verify(content, cancel);
        if (verdict.Fault is { } fault)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{T($"NOT SOUND, line {verdict.FaultyLine}: {fault.En}", $"校验未通过，第 {verdict.FaultyLine} 行：{fault.Zh}")}[/]");
            return 1;
        }
        AnsiConsole.MarkupLineInterpolated($"[green]{T($"Sound: {Number(verdict.Facts)} facts of “{verdict.Header!.Title}”.", $"校验通过：“{verdict.Header!.Title}”的 {Number(verdict.Facts)} 条记录。")}[/]");
        AnsiConsole.WriteLine(T($"Sealed by the key {verdict.Fingerprint}, exported {verdict.Header.ExportedAt:u} by {verdict.Header.ExportedBy}. Compare the key with the one the workspace shows.",
            $"封存密钥 {verdict.Fingerprint}，由 {verdict.Header.ExportedBy} 于 {verdict.Header.ExportedAt:u} 导出。请与工作区显示的密钥核对。"));
        return 0;
    }
}
