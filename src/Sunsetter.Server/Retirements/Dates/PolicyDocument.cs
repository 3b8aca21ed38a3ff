using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// The notice policy as the JSON document an administrator edits. Reading it answers with a policy or with every error at once, each with its place.
/// A part that is left out keeps its default.
/// </summary>
internal static partial class PolicyDocument
{
    /// <summary>Longest document that is looked at.</summary>
    public const int LongestText = 200_000;

    private const int MostDays = 1095;
    private const int MostRules = 100;

    private static readonly JsonSerializerOptions Indented = new(Json.Stored) { WriteIndented = true };

    public static string Write(NoticePolicy policy) => JsonSerializer.Serialize(policy, Indented);

    public static (NoticePolicy? Policy, IReadOnlyList<PolicyError> Errors) Read(string text)
    {
        var errors = new List<PolicyError>();
        if (text.Length > LongestText)
            return (null, [new("$", $"The document is longer than {LongestText} characters.", $"文档超过 {LongestText} 个字符。")]);
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
        }
        catch (JsonException broken)
        {
            return (null, [new("$", $"This is not JSON: line {broken.LineNumber + 1}, character {broken.BytePositionInLine + 1}.", $"不是有效的 JSON：第 {broken.LineNumber + 1} 行第 {broken.BytePositionInLine + 1} 个字符。")]);
        }
        if (root is not JsonObject document)
            return (null, [new("$", "The document must be an object: { … }.", "文档必须是一个对象：{ … }。")]);

        var reader = new PolicyReader(errors);
        var defaults = new NoticePolicy();
        reader.Known(document, "$", "rules", "shorten", "floorDays", "major", "little", "unknownYear", "observationDaysAtLeast", "observationDaysAtMost", "approvals");
        var policy = new NoticePolicy
        {
            Rules = document["rules"] is null ? defaults.Rules : Rules(reader, document["rules"]!),
            Shorten = document["shorten"] is null ? defaults.Shorten : reader.Condition(document["shorten"], "$.shorten"),
            FloorDays = reader.Whole(document, "$", "floorDays", defaults.FloorDays, 0, MostDays),
            Major = reader.Object(document["major"], "$.major", defaults.Major, (part, at) =>
            {
                reader.Known(part, at, "customersAtLeast", "percentOfCustomersAtLeast");
                return new MajorWhen
                {
                    CustomersAtLeast = reader.Whole(part, at, "customersAtLeast", defaults.Major.CustomersAtLeast, 1, int.MaxValue),
                    PercentOfCustomersAtLeast = reader.Whole(part, at, "percentOfCustomersAtLeast", defaults.Major.PercentOfCustomersAtLeast, 1, 101),
                };
            }),
            Little = reader.Object(document["little"], "$.little", defaults.Little, (part, at) =>
            {
                reader.Known(part, at, "usersAtMost", "percentAtMost");
                return new LittleUse
                {
                    UsersAtMost = reader.Whole(part, at, "usersAtMost", defaults.Little.UsersAtMost, 0, 1_000_000),
                    PercentAtMost = reader.Whole(part, at, "percentAtMost", defaults.Little.PercentAtMost, 0, 100),
                };
            }),
            UnknownYear = document["unknownYear"] is { } unknown && reader.Name<UnknownYear>(unknown, "$.unknownYear") is { } chosen ? chosen : defaults.UnknownYear,
            ObservationDaysAtLeast = reader.Whole(document, "$", "observationDaysAtLeast", defaults.ObservationDaysAtLeast, 1, 365),
            ObservationDaysAtMost = reader.Whole(document, "$", "observationDaysAtMost", defaults.ObservationDaysAtMost, 1, 365),
            Approvals = document["approvals"] is null ? defaults.Approvals : reader.Names<Role>(document["approvals"], "$.approvals"),
        };
        errors.AddRange(Contradictions(policy));
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static ImmutableArray<NoticeRule> Rules(PolicyReader reader, JsonNode node)
    {
        var rules = reader.Each(node, "$.rules", MostRules, (item, at) => reader.Object(item, at, null, (part, _) => Rule(reader, part, at)));
        return [.. rules.OfType<NoticeRule>()];
    }

    private static NoticeRule Rule(PolicyReader reader, JsonObject part, string at)
    {
        reader.Known(part, at, "code", "sentence", "days", "shortestDays", "when");
        var code = reader.Words(part, at, "code", 40);
        if (code.Length > 0 && !Code().IsMatch(code))
            reader.Say($"{at}.code", $"“{code}” is not a code: use lower-case letters, digits and “-”.", $"“{code}”不是合法代码：请使用小写字母、数字和“-”。");
        var sentence = reader.Object(part["sentence"], $"{at}.sentence", default(Text?), (words, there) => new Text(reader.Words(words, there, "en", 300), reader.Words(words, there, "zh", 300)));
        if (part["sentence"] is null)
            reader.Say($"{at}.sentence", "The sentence is missing: { \"en\": …, \"zh\": … }.", "缺少说明：{ \"en\": …, \"zh\": … }。");
        var days = reader.Whole(part, at, "days", null, 0, MostDays);
        return new NoticeRule(code, sentence ?? default, days, reader.Whole(part, at, "shortestDays", days, 0, MostDays))
        {
            When = part["when"] is null ? new NoticeCondition() : reader.Condition(part["when"], $"{at}.when"),
        };
    }

    private static IEnumerable<PolicyError> Contradictions(NoticePolicy policy)
    {
        foreach (var twice in policy.Rules.GroupBy(rule => rule.Code, StringComparer.Ordinal).Where(same => same.Key.Length > 0 && same.Count() > 1))
            yield return new("$.rules", $"Two rules are called “{twice.Key}”.", $"有两条规则同名“{twice.Key}”。");
        foreach (var taken in policy.Rules.Where(rule => rule.Code is "contract" or "floor" or "override"))
            yield return new("$.rules", $"“{taken.Code}” is the name of a built-in rule; choose another code.", $"“{taken.Code}”是内置规则的名称，请换一个。");
        foreach (var longer in policy.Rules.Where(rule => rule.ShortestDays > rule.Days))
            yield return new("$.rules", $"“{longer.Code}”: the shortest notice ({longer.ShortestDays}) is longer than the usual one ({longer.Days}).", $"“{longer.Code}”：最短天数（{longer.ShortestDays}）大于通常天数（{longer.Days}）。");
        if (policy.Rules.Length == 0)
            yield return new("$.rules", "Keep at least one rule.", "请至少保留一条规则。");
        if (policy.Shorten.Use.Contains(UseLevel.Unknown) || policy.Shorten.Use.Contains(UseLevel.Vital))
            yield return new("$.shorten.use", "Unknown or vital use never shortens a notice.", "使用情况未知或至关重要时，不得缩短通知期。");
        if (policy.ObservationDaysAtLeast > policy.ObservationDaysAtMost)
            yield return new("$.observationDaysAtLeast", "The shortest observation is longer than the longest.", "最短观察期大于最长观察期。");
        if (policy.Approvals.Distinct().Count() < 2)
            yield return new("$.approvals", "A decision needs the approval of at least two roles.", "决策至少需要两个角色批准。");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex Code();
}

/// <param name="At">Where in the document: <c>$.rules[2].days</c>.</param>
internal sealed record PolicyError(string At, Text Sentence)
{
    public PolicyError(string at, string en, string zh) : this(at, new Text(en, zh))
    {
    }
}
