using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The stored name of every kind of fact, and its text.</summary>
internal static class FactKinds
{
    private static readonly FrozenDictionary<string, Type> ByName = typeof(Fact).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(Fact)) && !type.IsAbstract)
        .ToFrozenDictionary(NameOf);

    public static IEnumerable<string> Names => ByName.Keys;

    public static string NameOf(Type kind) =>
        kind.GetCustomAttribute<StoredAsAttribute>()?.Name ?? throw new InvalidOperationException($"{kind.Name} needs [StoredAs].");

    public static string BodyOf(Fact fact) => JsonSerializer.Serialize(fact, fact.GetType(), Json.Stored);

    public static Fact Read(string kind, string body) =>
        ByName.TryGetValue(kind, out var type)
            ? (Fact)JsonSerializer.Deserialize(body, type, Json.Stored)!
            : throw new InvalidOperationException($"The log holds a fact of the unknown kind “{kind}”: it was written by a newer Sunsetter.");
}
