using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Reads the parts of a policy document; what is wrong is said and reading goes on.</summary>
internal sealed class PolicyReader(List<PolicyError> errors)
{
    public void Say(string at, string en, string zh) => errors.Add(new PolicyError(at, en, zh));

    /// <summary>A misspelt name would silently keep the default, so it is an error.</summary>
    public void Known(JsonObject part, string at, params string[] names)
    {
        foreach (var (name, _) in part)
            if (!names.Contains(name, StringComparer.Ordinal))
                Say($"{at}.{name}", $"“{name}” is not known here. Known: {string.Join(", ", names)}.", $"此处没有“{name}”。可用：{string.Join("、", names)}。");
    }

    public int Whole(JsonObject part, string at, string name, int? otherwise, int least, int most)
    {
        var value = part[name];
        if (value is null && otherwise is { } known)
            return known;
        if (value is JsonValue number && number.TryGetValue<int>(out var whole) && whole >= least && whole <= most)
            return whole;
        Say($"{at}.{name}", $"“{name}” must be a whole number from {least} to {most}.", $"“{name}”必须是 {least} 到 {most} 之间的整数。");
        return otherwise ?? least;
    }

    public string Words(JsonObject part, string at, string name, int most)
    {
        if (part[name] is JsonValue value && value.TryGetValue<string>(out var words) && words.Trim().Length > 0 && words.Length <= most)
            return words.Trim();
        Say($"{at}.{name}", $"“{name}” must be text of 1 to {most} characters.", $"“{name}”必须是 1 到 {most} 个字符的文本。");
        return "";
    }

    public T? Name<T>(JsonNode node, string at) where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        if (node is JsonValue value && value.TryGetValue<string>(out var name) && names.TryGetValue(name, out var found))
            return found;
        Say(at, $"{node.ToJsonString(Json.Stored)} is not known. Choose from: {string.Join(", ", names.Keys)}.", $"没有 {node.ToJsonString(Json.Stored)}。可选：{string.Join("、", names.Keys)}。");
        return null;
    }

    public ImmutableArray<T> Names<T>(JsonNode? node, string at) where T : struct, Enum =>
        node is null ? [] : [.. Each(node, at, 50, (item, there) => item is null ? Nothing<T>(there) : Name<T>(item, there)).Where(name => name is not null).Select(name => name!.Value)];

    public T Object<T>(JsonNode? node, string at, T otherwise, Func<JsonObject, string, T> read)
    {
        if (node is JsonObject part)
            return read(part, at);
        if (node is not null)
            Say(at, "This must be an object: { … }.", "此处必须是对象：{ … }。");
        return otherwise;
    }

    public IEnumerable<T> Each<T>(JsonNode node, string at, int most, Func<JsonNode?, string, T> read)
    {
        if (node is not JsonArray list)
        {
            Say(at, "This must be a list: [ … ].", "此处必须是列表：[ … ]。");
            return [];
        }
        if (list.Count > most)
            Say(at, $"At most {most} lines.", $"最多 {most} 项。");
        return [.. list.Take(most).Select((item, number) => read(item, $"{at}[{number}]"))];
    }

    public NoticeCondition Condition(JsonNode? node, string at) => Object(node, at, new NoticeCondition(), (part, _) =>
    {
        Known(part, at, "modules", "customers", "tiers", "use", "alternativeProven", "major");
        return new NoticeCondition
        {
            Modules = Names<ModuleClass>(part["modules"], $"{at}.modules"),
            Customers = Names<CustomerClass>(part["customers"], $"{at}.customers"),
            Tiers = part["tiers"] is not { } tiers ? [] : [.. Each(tiers, $"{at}.tiers", 50, Tier).Where(tier => tier.Length > 0)],
            Use = Names<UseLevel>(part["use"], $"{at}.use"),
            AlternativeProven = YesOrNo(part, at, "alternativeProven"),
            Major = YesOrNo(part, at, "major"),
        };
    });

    private string Tier(JsonNode? node, string at)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var tier) && tier.Trim().Length is > 0 and <= 60)
            return tier.Trim();
        Say(at, "A tier is text of 1 to 60 characters.", "套餐名必须是 1 到 60 个字符的文本。");
        return "";
    }

    private bool? YesOrNo(JsonObject part, string at, string name)
    {
        if (part[name] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue<bool>(out var answer))
            return answer;
        Say($"{at}.{name}", $"“{name}” must be true or false.", $"“{name}”必须是 true 或 false。");
        return null;
    }

    private T? Nothing<T>(string at) where T : struct
    {
        Say(at, "null is not a name.", "null 不是名称。");
        return null;
    }
}
