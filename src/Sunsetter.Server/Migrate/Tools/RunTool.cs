using System.Security.Cryptography;
using System.Text;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>For whom the tool is run: one customer, a wave, or everybody who has not moved.</summary>
internal sealed record RunScope(CustomerKey? Customer, string? Wave)
{
    public static readonly RunScope NotMoved = new(null, null);
}

/// <summary>Why a customer is left out of a run.</summary>
internal enum NotRun
{
    Active,
    DryRunMissing,
    DoneAlready,
}

/// <summary>
/// Starts the migration tool for one customer or many (G2). A real run needs a dry run of the same tool that succeeded for the same customer. Asking for
/// many leaves out who is not ready or is done; asking for one repeats even what was done, which is safe: the tool sees the same idempotency key.
/// </summary>
/// <param name="Id">The request's own id: the same request sent twice starts each run once.</param>
internal sealed record RunTool(Guid Id, bool DryRun, RunScope Scope)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries)
    {
        if (retirement.Migrating.Tool is not { } tool)
            return new Refusal("tool.none", "Attach a migration tool first.", "请先接入迁移工具。");
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return new Refusal("run.not-now", "Customers are moved once the retirement is approved and before it is over.", "退役获批后、结束前方可迁移客户。");
        if (!DryRun && retirement is { Replacement: not null, Migrating.SignOff: null })
            return new Refusal("run.replacement-not-ready", "QA has not signed off the replacement: only dry runs are allowed.", "测试团队尚未签字确认替代模块，目前只能试运行。");
        if (Scope.Wave is { } wave && retirement.Schedule?.Waves.ContainsKey(wave) != true)
            return new Refusal("wave.unknown", $"The plan has no wave “{wave}”.", $"计划中没有批次“{wave}”。") { Field = "wave" };
        var wanted = entries.Where(Wanted).ToList();
        if (Scope.Customer is { } one)
            return wanted.Count == 0 ? Refusal.NotFound("customer in this retirement", "该退役中的客户", one.Value) : ForOne(tool, wanted[0]);

        var ready = wanted.Where(entry => Hindrance(tool, entry) is null).ToList();
        return ready.Count > 0 || wanted.Exists(entry => entry.Move.Runs.Any(run => run.Id == IdFor(entry)))
            ? Decision.All(ready.Select(entry => ((CustomerKey?)entry.Customer, (Fact)Requested(tool, entry))))
            : Nobody(tool, wanted);
    }

    /// <summary>Why this customer would be left out of a run for many; null: they would be run.</summary>
    public NotRun? Hindrance(MigrationTool tool, LedgerEntry entry) =>
        entry.Move.ActiveRun is not null ? NotRun.Active
        : entry.Move.Succeeded(tool.Id, DryRun) ? NotRun.DoneAlready
        : !DryRun && !entry.Move.Succeeded(tool.Id, dryRun: true) ? NotRun.DryRunMissing
        : null;

    public bool Wanted(LedgerEntry entry) =>
        Scope.Customer is { } customer ? entry.Customer == customer
        : entry.Move.State != MoveState.Moved && (Scope.Wave is null || entry.Wave == Scope.Wave);

    private Decision ForOne(MigrationTool tool, LedgerEntry entry)
    {
        if (entry.Move.Runs.Any(run => run.Id == IdFor(entry)))
            return Decision.Nothing;
        return Hindrance(tool, entry) switch
        {
            NotRun.Active => new Refusal("run.active", "A run for this customer is under way. Wait for it or stop it.", "该客户已有运行中的任务，请等待其结束或先停止。", StatusCodes.Status409Conflict),
            NotRun.DryRunMissing => new Refusal("run.no-dry-run", "A dry run with this tool must succeed for this customer first.", "须先用该工具为此客户试运行成功。"),
            _ => Decision.Of(entry.Customer, Requested(tool, entry)),
        };
    }

    private Refusal Nobody(MigrationTool tool, IReadOnlyList<LedgerEntry> wanted)
    {
        var (active, missing, done) = (Count(NotRun.Active), Count(NotRun.DryRunMissing), Count(NotRun.DoneAlready));
        return new Refusal("run.nobody", $"Nobody is left to run for: {active} under way, {missing} without a successful dry run, {done} done.",
            $"没有可运行的客户：{active} 个运行中，{missing} 个尚未试运行成功，{done} 个已完成。");

        int Count(NotRun why) => wanted.Count(entry => Hindrance(tool, entry) == why);
    }

    private MigrationRunRequested Requested(MigrationTool tool, LedgerEntry entry) => new(
        IdFor(entry), DryRun, 1 + entry.Move.Runs.Count(run => run.DryRun == DryRun && run.Tool == tool.Id), KeyFor(tool, entry.Customer, DryRun))
    { Tool = tool.Id };

    // From the request and the customer, so that a request repeated after a lost answer is recognised.
    private Guid IdFor(LedgerEntry entry) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id:N}\n{entry.Customer}")).AsSpan(0, 16));

    /// <summary>One key for each tool, customer and kind of run, whatever the attempt: how a tool knows that it has seen this customer before.</summary>
    internal static string KeyFor(MigrationTool tool, CustomerKey customer, bool dryRun) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tool.Id:N}\n{customer}\n{(dryRun ? "dry" : "real")}")).AsSpan(0, 16));
}

/// <summary>Somebody stops a run. What the tool has done by then stays done; running again goes on with the same key.</summary>
internal sealed record StopRun(Guid Run, string Reason)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Required.Short(Reason, "reason", 500) is { } tooLong)
            return tooLong;
        return entry.Move.Runs.FirstOrDefault(run => run.Id == Run) switch
        {
            null => Refusal.NotFound("run", "运行记录", Run.ToString("N")),
            { FinishedAt: not null } => new Refusal("run.ended", "This run has ended already.", "该任务已结束。", StatusCodes.Status409Conflict),
            { StopAskedAt: not null } => Decision.Nothing,
            _ => Decision.Of(entry.Customer, new MigrationRunStopped(Run, Reason.Trim())),
        };
    }
}
