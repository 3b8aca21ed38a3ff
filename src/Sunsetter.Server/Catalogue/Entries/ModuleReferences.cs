using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>What a module says of other modules must be true: they exist, nothing needs itself, nothing is replaced by what goes itself.</summary>
/// <param name="Needs">What each known module depends on, drafts included.</param>
/// <param name="Retiring">Modules with a retirement under way.</param>
internal sealed record ModuleReferences(IReadOnlyDictionary<ModuleKey, IReadOnlyList<ModuleKey>> Needs, IReadOnlySet<ModuleKey> Retiring)
{
    /// <param name="known">Replacements the module has had before; they may be retiring by now.</param>
    public Refusal? Check(ModuleDraft draft, IReadOnlyCollection<ModuleKey> known)
    {
        var key = new ModuleKey(draft.Key!);
        foreach (var other in (draft.DependsOn ?? []).Select(name => new ModuleKey(name)))
            if (!Needs.ContainsKey(other))
                return Checks.Bad("module.unknown-dependency", "depends_on", $"It depends on “{other}”, which is not in the catalogue. Add that module first, or in the same file.", $"它依赖的“{other}”不在模块目录中。请先添加该模块，或放在同一文件中。");
        if (draft.DependsOn is not null && Cycle(key) is { } cycle)
            return Checks.Bad("module.dependency-cycle", "depends_on", $"The modules would depend on each other in a circle: {string.Join(" → ", cycle)}. Remove one of these dependencies.", $"模块之间会形成循环依赖：{string.Join(" → ", cycle)}。请去掉其中一个依赖。");

        foreach (var other in (draft.Replacements ?? []).Select(name => new ModuleKey(name)))
        {
            if (other == key)
                return Checks.Bad("module.replaces-itself", "replacements", "A module cannot take its own place. Name another one.", "模块不能替代自己。请指定其他模块。");
            if (!Needs.ContainsKey(other))
                return Checks.Bad("module.unknown-replacement", "replacements", $"The replacement “{other}” is not in the catalogue. Add that module first, or in the same file.", $"替代模块“{other}”不在模块目录中。请先添加该模块，或放在同一文件中。");
            if (Retiring.Contains(other) && !known.Contains(other))
                return Checks.Bad("module.replacement-retiring", "replacements", $"“{other}” is being retired itself: customers would have to move twice. Name a module that stays.", $"“{other}”自身正在退役，客户将被迫迁移两次。请指定会保留的模块。");
        }
        return null;
    }

    private List<ModuleKey>? Cycle(ModuleKey start)
    {
        // Depth first without recursion: a long chain from a file must not end the process.
        var (path, visited) = (new Stack<(ModuleKey Key, IEnumerator<ModuleKey> Next)>(), new HashSet<ModuleKey>());
        path.Push((start, NeedsOf(start)));
        while (path.TryPeek(out var top))
        {
            if (!top.Next.MoveNext())
                path.Pop();
            else if (top.Next.Current == start)
                return [.. path.Reverse().Select(step => step.Key), start];
            else if (visited.Add(top.Next.Current))
                path.Push((top.Next.Current, NeedsOf(top.Next.Current)));
        }
        return null;
    }

    private IEnumerator<ModuleKey> NeedsOf(ModuleKey key) => Needs.GetValueOrDefault(key, []).GetEnumerator();
}
