using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>A feature module of the vendor's product (M2).</summary>
internal sealed class Module : IStamped
{
    public required ModuleKey Key { get; init; }
    public string NameEn { get; set; } = "";
    public string NameZh { get; set; } = "";
    public ModuleClass Class { get; set; }

    /// <summary>The team that owns it.</summary>
    public string Owner { get; set; } = "";
    public string Description { get; set; } = "";

    /// <summary>Modules this one needs.</summary>
    public List<ModuleKey> DependsOn { get; set; } = [];

    /// <summary>Modules that can take its place.</summary>
    public List<ModuleKey> Replacements { get; set; } = [];

    /// <summary>Named capabilities, compared with those of a replacement (A3).</summary>
    public List<string> Capabilities { get; set; } = [];
    public string ApiSurface { get; set; } = "";
    public string DocumentationUrl { get; set; } = "";
    public string CodeUrl { get; set; } = "";
    public string DataNote { get; set; } = "";

    /// <summary>First day it was offered.</summary>
    public DateOnly? Since { get; set; }

    /// <summary>Running and maintaining it, per month (A2).</summary>
    public decimal? MonthlyCost { get; set; }
    public string Currency { get; set; } = "CNY";

    public Text Name => new(NameEn, NameZh.Length > 0 ? NameZh : NameEn);
}
