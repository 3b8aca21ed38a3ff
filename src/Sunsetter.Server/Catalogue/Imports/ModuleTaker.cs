using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>
/// Modules from a file. They name each other in any order, so they are judged together at its end; a line that is rejected may take others with it that
/// depend on the module it would have added.
/// </summary>
internal sealed class ModuleTaker(IDbContextFactory<SunsetterDb> databases) : IRecordTaker
{
    private const int Most = 20_000;

    private readonly List<(CsvRecord Record, ModuleDraft Draft)> drafts = [];

    public IReadOnlyList<string> Columns { get; } =
        ["key", "name", "name_zh", "class", "owner", "description", "depends_on", "replacements", "capabilities", "api_surface", "documentation_url", "code_url", "data_note", "since", "monthly_cost", "currency"];

    public IReadOnlyList<string> Required { get; } = ["key"];

    public Task<BatchResult> Take(IReadOnlyList<CsvRecord> batch, CsvColumns columns, CancellationToken cancel)
    {
        var result = new BatchResult();
        foreach (var record in batch)
        {
            var draft = Draft(record, columns, out var problem);
            if ((problem ?? draft.Check()) is { } refusal)
                result.Reject(record, refusal);
            else if (drafts.Count == Most)
                result.Reject(record, Checks.Bad("import.too-many-modules", "key", $"A file may hold {Most} modules. Split it.", $"一个文件最多 {Most} 个模块，请拆分。"));
            else
                drafts.Add((record, draft));
        }
        return Task.FromResult(result);
    }

    public async Task<BatchResult> Finish(CsvColumns columns, CancellationToken cancel)
    {
        var result = new BatchResult();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Set<Module>().ToDictionaryAsync(module => module.Key, cancel);
        var retiring = await RetiringModules.Of(db, cancel);
        // A copy: where another file came between, this is done once more.
        var left = drafts.ToList();
        while (Wrong(left, known, retiring) is { Count: > 0 } wrong)
            foreach (var (at, refusal) in wrong.OrderByDescending(one => one.At))
            {
                result.Reject(left[at].Record, refusal);
                left.RemoveAt(at);
            }

        foreach (var (_, draft) in left)
        {
            var key = new ModuleKey(draft.Key!);
            var isNew = !known.TryGetValue(key, out var module);
            module ??= known[key] = db.Add(new Module { Key = key }).Entity;
            result.Count(key, isNew, Fields.Change(module, () => draft.WriteTo(module)));
        }
        await db.SaveChangesAsync(cancel);
        return result;
    }

    private static List<(int At, Refusal Refusal)> Wrong(List<(CsvRecord Record, ModuleDraft Draft)> drafts, Dictionary<ModuleKey, Module> known, IReadOnlySet<ModuleKey> retiring)
    {
        var needs = known.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ModuleKey>)pair.Value.DependsOn);
        foreach (var (_, draft) in drafts)
            needs[new ModuleKey(draft.Key!)] = draft.DependsOn?.Select(name => new ModuleKey(name)).ToList() ?? needs.GetValueOrDefault(new ModuleKey(draft.Key!), []);
        var references = new ModuleReferences(needs, retiring);
        var wrong = drafts.Select((pair, at) => (at, references.Check(pair.Draft, known.GetValueOrDefault(new ModuleKey(pair.Draft.Key!))?.Replacements ?? [])))
            .Where(one => one.Item2 is not null).Select(one => (At: one.at, Refusal: one.Item2!)).ToList();
        // Of a circle the last line alone is refused: without it the others stand.
        return wrong.TrueForAll(one => one.Refusal.Code == "module.dependency-cycle") ? [.. wrong.TakeLast(1)] : [.. wrong.Where(one => one.Refusal.Code != "module.dependency-cycle")];
    }

    private static ModuleDraft Draft(CsvRecord record, CsvColumns columns, out Refusal? problem)
    {
        string? Cell(string column) => columns.Cell(record, column);
        var cost = Fields.Number(Cell("monthly_cost"), "monthly_cost", out problem);
        problem = record.Problem ?? problem;
        return new ModuleDraft
        {
            Key = Cell("key"), Name = Cell("name"), NameZh = Cell("name_zh"), Class = Cell("class"), Owner = Cell("owner"), Description = Cell("description"),
            DependsOn = Fields.List(Cell("depends_on")), Replacements = Fields.List(Cell("replacements")), Capabilities = Fields.List(Cell("capabilities")),
            ApiSurface = Cell("api_surface"), DocumentationUrl = Cell("documentation_url"), CodeUrl = Cell("code_url"), DataNote = Cell("data_note"),
            Since = Cell("since"), MonthlyCost = cost, Currency = Cell("currency"),
        };
    }
}
