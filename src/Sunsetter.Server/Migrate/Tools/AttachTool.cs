using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Attaches a migration tool to a retirement, in place of the one before (G2). A changed tool has to pass its dry runs anew.</summary>
internal sealed record AttachTool(Guid Id, string Name, MigrationToolKind Kind, string Target, ImmutableArray<string> Arguments, int TimeoutSeconds, string? SecretHeader, bool HasSecret)
{
    public const int LongestSeconds = 24 * 60 * 60;
    private const int MostArguments = 20;
    private static readonly string[] OurHeaders = ["host", "content-type", "content-length", "idempotency-key", "transfer-encoding", "connection"];

    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, ToolCommands commands)
    {
        if (Required.Words(Name, "name", new("the tool's name", "工具名称"), 100) is { } missing)
            return missing;
        if (retirement.Ended)
            return new Refusal("tool.ended", "This retirement has ended.", "该退役已结束。");
        if (retirement.Migrating.Tool?.Id == Id)
            return Decision.Nothing;
        if (entries.Any(entry => entry.Move.ActiveRun is not null))
            return new Refusal("tool.busy", "Runs of the present tool are under way. Wait for them or stop them first.", "当前工具仍有运行中的任务，请等待其结束或先停止。", StatusCodes.Status409Conflict);
        if (TimeoutSeconds is < 1 or > LongestSeconds)
            return new Refusal("tool.timeout", $"One run may take 1 to {LongestSeconds} seconds.", $"单次运行时限为 1 至 {LongestSeconds} 秒。") { Field = "timeoutSeconds" };
        return (Kind == MigrationToolKind.WebCall ? WebCallProblem() : CommandProblem(commands)) is { } problem
            ? problem
            : new MigrationToolAttached(new MigrationTool(Name.Trim(), Kind, Target.Trim(), TimeoutSeconds)
            {
                Id = Id, Arguments = Kind == MigrationToolKind.Command ? Arguments : [], SecretHeader = Kind == MigrationToolKind.WebCall && HasSecret ? SecretHeader?.Trim() : null,
            });
    }

    private Refusal? WebCallProblem()
    {
        if (Target.Length > 1000 || !Uri.TryCreate(Target.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
            return new Refusal("tool.bad-address", "The tool's address must begin with https:// and hold no user name; http:// reaches only networks that an operator lists in Webhooks:AllowPrivate.", "工具地址须以 https:// 开头，且不含用户名；http:// 仅可用于运维在 Webhooks:AllowPrivate 中列出的网段。") { Field = "target" };
        if (!HasSecret)
            return null;
        if (address.Scheme == "http" && !address.IsLoopback)
            return new Refusal("tool.secret-in-clear", "A secret is sent over https only. Use an https address, or leave the secret out.", "密钥只能通过 https 发送。请使用 https 地址，或不设密钥。") { Field = "target" };
        var header = SecretHeader?.Trim() ?? "";
        return header.Length is 0 or > 60 || !header.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') || OurHeaders.Contains(header.ToLowerInvariant())
            ? new Refusal("tool.bad-header", "Name the header that carries the secret, such as X-Api-Key: letters, digits and hyphens.", "请填写携带密钥的请求头名称，如 X-Api-Key：仅限字母、数字与连字符。") { Field = "secretHeader" }
            : null;
    }

    private Refusal? CommandProblem(ToolCommands commands)
    {
        if (commands.PathOf(Target.Trim()) is null)
            return new Refusal("tool.not-allowed",
                $"“{Target}” is not on the list of commands that this server may run. It has: {(commands.Names.Count == 0 ? "none" : string.Join(", ", commands.Names))}. The operator adds one as Migration:Commands:NAME in the configuration.",
                $"“{Target}”不在本服务器允许运行的命令列表中。现有：{(commands.Names.Count == 0 ? "无" : string.Join("、", commands.Names))}。可由运维在配置 Migration:Commands:NAME 中添加。")
            { Field = "target" };
        return Arguments.Length > MostArguments || Arguments.Any(argument => argument.Length > 500 || argument.Any(char.IsControl))
            ? new Refusal("tool.arguments", $"At most {MostArguments} arguments of at most 500 characters, each on a line of its own.", $"最多 {MostArguments} 个参数，每个不超过 500 个字符，每行一个。") { Field = "arguments" }
            : null;
    }
}

/// <summary>Takes the tool away.</summary>
internal sealed record DetachTool(string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries) =>
        Required.Words(Reason, "reason", new("why the tool is taken away", "移除原因")) is { } missing ? missing
        : retirement.Migrating.Tool is null ? Decision.Nothing
        : entries.Any(entry => entry.Move.ActiveRun is not null)
            ? new Refusal("tool.busy", "Runs of the present tool are under way. Wait for them or stop them first.", "当前工具仍有运行中的任务，请等待其结束或先停止。", StatusCodes.Status409Conflict)
        : new MigrationToolDetached(Reason.Trim());
}
