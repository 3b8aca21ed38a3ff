using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>What somebody says about a module, in a file or in a request. Null: not said, so it stays as it is.</summary>
internal sealed record ModuleDraft
{
    public string? Key { get; init; }

    /// <summary>In English, or in the only language there is.</summary>
    public string? Name { get; init; }

    /// <summary>The same, as answers call it: what was read can be sent back.</summary>
    public string? NameEn { get => Name; init => Name ??= value; }
    public string? NameZh { get; init; }

    /// <summary><c>non-core</c>, <c>core</c> or <c>enterprise-critical</c>.</summary>
    public string? Class { get; init; }
    public string? Owner { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? DependsOn { get; init; }
    public IReadOnlyList<string>? Replacements { get; init; }
    public IReadOnlyList<string>? Capabilities { get; init; }
    public string? ApiSurface { get; init; }
    public string? DocumentationUrl { get; init; }
    public string? CodeUrl { get; init; }
    public string? DataNote { get; init; }
    public string? Since { get; init; }
    public decimal? MonthlyCost { get; init; }
    public string? Currency { get; init; }

    /// <summary>Whether each field can be taken; what it says of other modules is asked of <see cref="ModuleReferences"/>.</summary>
    public Refusal? Check() => Checks.First(
        Checks.ModuleKey(Key),
        Checks.Text(Name, "name", 120), Checks.Text(NameZh, "name_zh", 120),
        ClassOf(Class) is null && Class is not (null or "")
            ? Checks.Bad("module.bad-class", "class", $"“{Checks.Shown(Class)}” is no class. Choose non-core, core or enterprise-critical.", $"“{Checks.Shown(Class)}”不是有效的级别。可选：non-core、core、enterprise-critical。")
            : null,
        Checks.Text(Owner, "owner", 120), Checks.Text(Description, "description", 4000), Checks.Text(ApiSurface, "api_surface", 1000),
        Checks.Url(DocumentationUrl, "documentation_url"), Checks.Url(CodeUrl, "code_url"), Checks.Text(DataNote, "data_note", 1000),
        Keys(DependsOn, "depends_on"), Keys(Replacements, "replacements"), Names(Capabilities),
        Since is null or "" || DateOnly.TryParseExact(Since, "yyyy-MM-dd", out _) ? null : Checks.Bad("module.bad-day", "since", $"“{Checks.Shown(Since)}” is no day. Write it as 2021-06-01.", $"“{Checks.Shown(Since)}”不是有效日期。请写作 2021-06-01。"),
        MonthlyCost is < 0 or > 1_000_000_000_000 ? Checks.Bad("module.bad-cost", "monthly_cost", "The monthly cost must be between 0 and 1,000,000,000,000.", "每月成本必须在 0 到 1,000,000,000,000 之间。") : null,
        Checks.Currency(Currency));

    /// <summary>Writes what was said into the module.</summary>
    public void WriteTo(Module module)
    {
        if (Name is { Length: > 0 } name)
            module.NameEn = name;
        if (NameZh is not null)
            module.NameZh = NameZh;
        if (module.NameEn.Length == 0)
            module.NameEn = module.NameZh.Length > 0 ? module.NameZh : module.Key.Value;
        module.Class = ClassOf(Class) ?? module.Class;
        module.Owner = Owner ?? module.Owner;
        module.Description = Description ?? module.Description;
        module.DependsOn = Keys(DependsOn) ?? module.DependsOn;
        module.Replacements = Keys(Replacements) ?? module.Replacements;
        module.Capabilities = Capabilities is null ? module.Capabilities : [.. Capabilities.Select(name => name.Trim()).Distinct()];
        module.ApiSurface = ApiSurface ?? module.ApiSurface;
        module.DocumentationUrl = DocumentationUrl ?? module.DocumentationUrl;
        module.CodeUrl = CodeUrl ?? module.CodeUrl;
        module.DataNote = DataNote ?? module.DataNote;
        module.Since = Since switch { null => module.Since, "" => null, var day => DateOnly.ParseExact(day, "yyyy-MM-dd") };
        module.MonthlyCost = Fields.Amount(MonthlyCost) ?? module.MonthlyCost;
        module.Currency = Currency is { Length: > 0 } ? Currency : module.Currency;
    }

    private static ModuleClass? ClassOf(string? words) => words?.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-') switch
    {
        "non-core" or "noncore" => ModuleClass.NonCore,
        "core" => ModuleClass.Core,
        "enterprise-critical" => ModuleClass.EnterpriseCritical,
        _ => null,
    };

    private static List<ModuleKey>? Keys(IReadOnlyList<string>? keys) => keys is null ? null : [.. keys.Distinct().Select(key => new ModuleKey(key))];

    private static Refusal? Keys(IReadOnlyList<string>? keys, string field) =>
        keys is { Count: > 100 } ? Checks.Bad("catalogue.too-many", field, $"The field “{field}” names more than 100 modules.", $"字段“{field}”列出的模块超过 100 个。")
        : keys?.Select(key => Checks.ModuleKey(key, field)).FirstOrDefault(refusal => refusal is not null);

    private static Refusal? Names(IReadOnlyList<string>? names) =>
        names is { Count: > 100 } ? Checks.Bad("catalogue.too-many", "capabilities", "A module has at most 100 capabilities.", "一个模块最多 100 项能力。")
        : names?.Select(name => Checks.Text(name, "capabilities", 120)).FirstOrDefault(refusal => refusal is not null);
}
