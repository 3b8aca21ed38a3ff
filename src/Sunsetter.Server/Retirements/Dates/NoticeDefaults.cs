using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The policy before anybody has edited it: the defaults of N3.</summary>
internal static class NoticeDefaults
{
    public static readonly ImmutableArray<NoticeRule> Rules =
    [
        new("non-core", new Text("a non-core module", "非核心模块"), 45, 30) { When = new() { Modules = [ModuleClass.NonCore] } },
        new("core", new Text("a core module", "核心模块"), 90, 60) { When = new() { Modules = [ModuleClass.Core] } },
        new("enterprise-critical", new Text("a module critical for enterprises", "企业关键模块"), 180, 90) { When = new() { Modules = [ModuleClass.EnterpriseCritical] } },
        new("enterprise-customer", new Text("an enterprise customer", "企业客户"), 180, 90) { When = new() { Customers = [CustomerClass.Enterprise] } },
        new("key-customer", new Text("a key customer", "重点客户"), 90, 60) { When = new() { Customers = [CustomerClass.Key] } },
        new("major", new Text("a major retirement is never under", "重大退役不得少于"), 90, 90) { When = new() { Major = true } },
        new("vital", new Text("they depend on it, little used as it may be", "该客户依赖此模块（即使使用不多）"), 90, 90) { When = new() { Use = [UseLevel.Vital] } },
    ];

    public static readonly NoticeCondition Shorten = new() { Use = [UseLevel.None, UseLevel.Little], AlternativeProven = true };
}
