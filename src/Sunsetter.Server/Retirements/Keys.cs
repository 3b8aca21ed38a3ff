using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Sunsetter.Server.Retirements;

/// <summary>The short name of a feature module, unique in the catalogue: lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; at most 80 characters.</summary>
[JsonConverter(typeof(KeyJson<ModuleKey>))]
internal readonly record struct ModuleKey(string Value) : IKey<ModuleKey>, IParsable<ModuleKey>
{
    public static ModuleKey Parse(string s, IFormatProvider? provider) => new(s);
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ModuleKey result)
    {
        result = new(s ?? "");
        return s is not null;
    }

    public override string ToString() => Value;
}

/// <summary>The vendor's own name for a customer, as in its billing system; at most 120 characters.</summary>
[JsonConverter(typeof(KeyJson<CustomerKey>))]
internal readonly record struct CustomerKey(string Value) : IKey<CustomerKey>, IParsable<CustomerKey>
{
    public static CustomerKey Parse(string s, IFormatProvider? provider) => new(s);
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CustomerKey result)
    {
        result = new(s ?? "");
        return s is not null;
    }

    public override string ToString() => Value;
}

/// <summary>One retirement of one module.</summary>
[JsonConverter(typeof(KeyJson<RetirementId>))]
internal readonly record struct RetirementId(Guid Value) : IKey<RetirementId>, IParsable<RetirementId>
{
    string IKey<RetirementId>.Value => ToString();
    public static RetirementId New() => new(Guid.CreateVersion7());
    public static RetirementId Parse(string s, IFormatProvider? provider) => new(Guid.Parse(s));
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RetirementId result)
    {
        var known = Guid.TryParse(s, out var id);
        result = new(id);
        return known;
    }

    public override string ToString() => Value.ToString("N");
}
