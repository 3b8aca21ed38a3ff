using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

public sealed class PolicyDocumentTests
{
    private const string Rule = """{ "code": "all", "sentence": { "en": "everybody", "zh": "所有客户" }, "days": 60, "shortestDays": 30 }""";

    [Fact]
    public void The_default_policy_is_a_valid_document() => Assert.Empty(PolicyDocument.Read(PolicyDocument.Write(new NoticePolicy())).Errors);

    [Fact]
    public void A_part_that_is_left_out_keeps_its_default()
    {
        var (policy, errors) = PolicyDocument.Read("""{ "floorDays": 14 }""");

        Assert.Empty(errors);
        Assert.Equal((14, NoticeDefaults.Rules.Length, UnknownYear.RefuseUnlessConfirmed), (policy!.FloorDays, policy.Rules.Length, policy.UnknownYear));
    }

    [Fact]
    public void A_shortest_notice_that_is_left_out_equals_the_usual_one()
    {
        var (policy, _) = PolicyDocument.Read("""{ "rules": [{ "code": "all", "sentence": { "en": "everybody", "zh": "所有客户" }, "days": 60 }] }""");

        Assert.Equal(60, policy!.Rules.Single().ShortestDays);
    }

    [Fact]
    public void Every_error_is_told_at_once_with_its_place()
    {
        var (policy, errors) = PolicyDocument.Read("""
            {
              "rules": [
                { "code": "Übel", "sentence": { "en": "x" }, "days": -1 },
                { "code": "late", "sentence": { "en": "late", "zh": "晚" }, "days": 10, "shortestDays": 20, "when": { "modules": ["huge"], "major": "yes" } }
              ],
              "floorDays": "thirty", "unknownYear": "hope", "flour": 1, "approvals": ["product"], "little": 7
            }
            """);

        Assert.Null(policy);
        Assert.Equal(
            ["$.approvals", "$.floorDays", "$.flour", "$.little", "$.rules", "$.rules[0].code", "$.rules[0].days", "$.rules[0].sentence.zh", "$.rules[1].when.major", "$.rules[1].when.modules[0]", "$.unknownYear"],
            errors.Select(error => error.At).Order(StringComparer.Ordinal));
        Assert.All(errors, error => Assert.Matches(@"[\u4e00-\u9fff]", error.Sentence.Zh));
    }

    [Theory]
    [InlineData("{ \"floorDays\": 30,, }", "line 1, character 19")]
    [InlineData("", "line 1")]
    public void What_is_not_JSON_is_said_with_line_and_character(string text, string place) =>
        Assert.Contains(place, PolicyDocument.Read(text).Errors.Single().Sentence.En);

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_document_that_is_no_object_is_refused(string text) => Assert.Equal("$", PolicyDocument.Read(text).Errors.Single().At);

    [Fact]
    public void Two_rules_may_not_share_a_name() => Assert.Contains("Two rules are called “all”", Errors($$"""{ "rules": [{{Rule}}, {{Rule}}] }"""));

    [Theory]
    [InlineData("contract")]
    [InlineData("floor")]
    [InlineData("override")]
    public void The_names_of_built_in_rules_are_taken(string code) => Assert.Contains($"“{code}” is the name of a built-in rule", Errors($$"""{ "rules": [{{Rule.Replace("\"all\"", $"\"{code}\"")}}] }"""));

    [Theory]
    [InlineData("unknown")]
    [InlineData("vital")]
    public void Unknown_or_vital_use_may_not_shorten(string use) => Assert.Contains("never shortens a notice", Errors($$"""{ "shorten": { "use": ["{{use}}"] } }"""));

    [Fact]
    public void A_policy_without_rules_is_refused() => Assert.Contains("Keep at least one rule.", Errors("""{ "rules": [] }"""));

    [Theory]
    [InlineData(0, 1096, false)]
    [InlineData(0, 1095, true)]
    public void A_notice_is_at_most_three_years(int _, int days, bool valid) =>
        Assert.Equal(valid, PolicyDocument.Read($$"""{ "floorDays": {{days}} }""").Errors.Count == 0);

    [Fact]
    public void Observation_bounds_must_be_in_order() => Assert.Contains("The shortest observation is longer", Errors("""{ "observationDaysAtLeast": 15 }"""));

    [Fact]
    public void A_document_of_absurd_length_is_not_read() => Assert.Equal("$", PolicyDocument.Read(new string(' ', PolicyDocument.LongestText + 1)).Errors.Single().At);

    private static string Errors(string text) => string.Join("\n", PolicyDocument.Read(text).Errors.Select(error => error.Sentence.En));
}
