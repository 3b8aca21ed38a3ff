using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Attaches, detaches and starts tools: what page and API share.</summary>
internal sealed class ToolDesk(FactLog log, ToolSecrets secrets, ToolCommands commands)
{
    private const int LongestSecret = 1000;

    public async Task<Outcome<Retirement>> Attach(RetirementId id, ToolGiven given, string by, CancellationToken cancel)
    {
        var secret = given.Kind == MigrationToolKind.WebCall ? given.Secret?.Trim() ?? "" : "";
        if (secret.Length > LongestSecret || secret.Any(char.IsControl))
            return new Refusal("tool.bad-secret", $"The secret is one line of at most {LongestSecret} characters.", $"密钥须为单行，最多 {LongestSecret} 个字符。") { Field = "secret" };
        var command = new AttachTool(given.Id ?? Guid.CreateVersion7(), given.Name ?? "", given.Kind, given.Target ?? "", [.. given.Arguments ?? []], given.TimeoutSeconds ?? 600, given.SecretHeader, secret.Length > 0);
        if (await log.Find(id, cancel) is not { } before)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        // The secret first: a tool without it would be called without it. One that is refused leaves nothing behind.
        var kept = secret.Length > 0 && before.Migrating.Tool?.Id != command.Id;
        if (kept)
            await secrets.Keep(command.Id, secret, cancel);
        var outcome = await log.Change(id, by, (retirement, entries) => command.Decide(retirement, entries, commands), cancel);
        if (outcome.Refusal is not null && kept)
            await secrets.Forget(command.Id, CancellationToken.None);
        else if (outcome.Refusal is null && before.Migrating.Tool is { } old && old.Id != command.Id)
            await secrets.Forget(old.Id, CancellationToken.None);
        return outcome;
    }

    public async Task<Outcome<Retirement>> Detach(RetirementId id, string reason, string by, CancellationToken cancel)
    {
        var tool = (await log.Find(id, cancel))?.Migrating.Tool;
        var outcome = await log.Change(id, by, (retirement, entries) => new DetachTool(reason).Decide(retirement, entries), cancel);
        if (outcome.Refusal is null && tool is not null)
            await secrets.Forget(tool.Id, CancellationToken.None);
        return outcome;
    }

    /// <summary>How many runs the request started; a repeated request starts none.</summary>
    public async Task<Outcome<int>> Run(RetirementId id, RunTool command, string by, CancellationToken cancel)
    {
        var started = 0;
        var outcome = await log.Change(id, by, (retirement, entries) =>
        {
            var decision = command.Decide(retirement, entries);
            started = decision.Facts.Count;
            return decision;
        }, cancel);
        return outcome.Refused(out var refusal) ? refusal : started;
    }
}
