using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Catalogue;

/// <summary>What things of the catalogue are called on pages.</summary>
internal static class CatalogueWords
{
    public static string Name(ModuleClass kind) => kind switch
    {
        ModuleClass.Core => T("core", "核心"),
        ModuleClass.EnterpriseCritical => T("enterprise-critical", "企业关键"),
        _ => T("non-core", "非核心"),
    };

    /// <summary>A role of a contact as people say it.</summary>
    public static string Role(string role) => role switch
    {
        "administrator" => T("administrator", "管理员"),
        "technical" => T("technical", "技术"),
        "business" => T("business", "业务"),
        "billing" => T("billing", "财务"),
        _ => role,
    };

    /// <summary>Path of a customer's page; keys may hold anything.</summary>
    public static string CustomerPath(string key) => $"/customers/{Uri.EscapeDataString(key)}";
}
