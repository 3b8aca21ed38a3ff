using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Decide;

/// <summary>The names of this stage's things in the reader's language.</summary>
internal static class DecideWords
{
    public static string Name(CapabilityCoverage coverage) => coverage switch
    {
        CapabilityCoverage.Covered => T("covered", "已覆盖"),
        CapabilityCoverage.Partly => T("partly", "部分覆盖"),
        _ => T("not covered", "未覆盖"),
    };

    public static string Colour(CapabilityCoverage coverage) => coverage switch
    {
        CapabilityCoverage.Covered => "t-ok",
        CapabilityCoverage.Partly => "t-warn",
        _ => "t-bad",
    };

    public static string Name(Leaning leaning) => leaning switch
    {
        Leaning.For => T("in favour", "支持"),
        Leaning.Concerned => T("concerned", "有顾虑"),
        _ => T("against", "反对"),
    };

    public static string Colour(Leaning leaning) => leaning switch
    {
        Leaning.For => "t-ok",
        Leaning.Concerned => "t-warn",
        _ => "t-bad",
    };

    public static string Name(UseLevel level) => level switch
    {
        UseLevel.Unknown => T("unknown", "未知"),
        UseLevel.None => T("none in 90 days", "90 天内无使用"),
        UseLevel.Little => T("little", "很少"),
        UseLevel.Regular => T("regular", "经常"),
        _ => T("depends on it", "依赖此模块"),
    };

    public static string Name(ModuleClass kind) => kind switch
    {
        ModuleClass.NonCore => T("non-core", "非核心"),
        ModuleClass.Core => T("core", "核心"),
        _ => T("enterprise-critical", "企业关键"),
    };

    public static string Amount(decimal value) => Number((long)Math.Round(value));
}
