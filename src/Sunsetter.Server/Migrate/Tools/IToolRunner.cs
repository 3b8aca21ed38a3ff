using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>One way to run a migration tool. It never throws for what the tool says or does; it throws when it is cancelled, and the tool has ended by then.</summary>
internal interface IToolRunner
{
    MigrationToolKind Kind { get; }

    Task<ToolEnd> Run(ToolCall call, ToolTalk talk, CancellationToken cancel);
}

/// <summary>What a tool is told of its work; the JSON document that it gets.</summary>
/// <param name="Key">The same for every run of this tool for this customer, of this kind: do the work once, however often it comes.</param>
/// <param name="Attempt">Rises with each call; a tool that sees a lower one than before is talking to a node that has been overtaken.</param>
internal sealed record ToolWork(Guid Run, string Key, long Attempt, bool DryRun, RetirementId Retirement, ModuleKey Module, ModuleKey? Replacement, ToolCustomer Customer)
{
    /// <summary>Where and with which token a tool that answered 202 reports; null for a command.</summary>
    public ToolReport? Report { get; init; }
}

internal sealed record ToolCustomer(CustomerKey Key, string Name, string TimeZone, string Locale);

internal sealed record ToolReport(string Url, string Token);

internal sealed record ToolCall(MigrationTool Tool, ToolWork Work, string? Secret);

/// <summary>How one call of a tool ended.</summary>
internal abstract record ToolEnd
{
    /// <summary>The tool's own word.</summary>
    public static readonly Failed SaysFailed = new(new Text("The tool says that it failed.", "工具报告失败。"));

    private ToolEnd()
    {
    }

    internal sealed record Succeeded : ToolEnd;

    /// <summary>For good: another call would end the same way.</summary>
    internal sealed record Failed(Text Reason) : ToolEnd;

    /// <summary>Not now: call again with the same key.</summary>
    internal sealed record Again(Text Reason, TimeSpan? After = null) : ToolEnd;

    /// <summary>The tool has taken the work and reports by itself.</summary>
    internal sealed record Accepted : ToolEnd;
}
