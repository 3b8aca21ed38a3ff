using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Saves what is said about modules, one at a time.</summary>
internal sealed class Modules(IDbContextFactory<SunsetterDb> databases)
{
    public async Task<Outcome<(Module Module, bool IsNew)>> Save(ModuleDraft draft, bool mustBeNew, CancellationToken cancel)
    {
        if (draft.Check() is { } refusal)
            return refusal;
        var key = new ModuleKey(draft.Key!);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = await db.Set<Module>().ToListAsync(cancel);
        var module = all.Find(row => row.Key == key);
        if (module is not null && mustBeNew)
            return new Refusal("module.known", $"The module “{key}” is in the catalogue already. Change it with PUT.", $"模块“{key}”已在目录中。请用 PUT 修改。", StatusCodes.Status409Conflict);

        var needs = all.ToDictionary(row => row.Key, row => (IReadOnlyList<ModuleKey>)row.DependsOn);
        needs[key] = draft.DependsOn?.Select(name => new ModuleKey(name)).ToList() ?? needs.GetValueOrDefault(key, []);
        if (new ModuleReferences(needs, await RetiringModules.Of(db, cancel)).Check(draft, module?.Replacements ?? []) is { } wrong)
            return wrong;

        var isNew = module is null;
        module ??= db.Add(new Module { Key = key }).Entity;
        draft.WriteTo(module);
        await db.SaveChangesAsync(cancel);
        return (module, isNew);
    }
}
