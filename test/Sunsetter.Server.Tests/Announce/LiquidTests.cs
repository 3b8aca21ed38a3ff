using System.Globalization;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Announce;

public sealed class LiquidTests
{
    [Theory]
    [InlineData("{% for a in (1..1001) %}x{% endfor %}", "template.loops")]
    [InlineData("{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}x{% endfor %}{% endfor %}{% endfor %}", "template.loops")]
    [InlineData("{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}{% endfor %}{% endfor %}{% endfor %}", "template.loops")]
    [InlineData("{% capture x %}a{% endcapture %}", "template.forbidden-tag")]
    [InlineData("{% include 'secrets' %}", "template.forbidden-tag")]
    [InlineData("{{ 'a' | replace: 'a', 'aaaaaaaa' }}", "template.forbidden-filter")]
    [InlineData("{% if module %}", "template.wrong")]
    public void A_template_that_loops_reaches_out_or_cannot_be_read_is_refused(string source, string code) =>
        Assert.Equal(code, LiquidText.Render(source, Values, CultureInfo.InvariantCulture).Refusal?.Code);

    [Theory]
    [InlineData("{% if module %}", 1, 1, "{% endif %}")]
    [InlineData("Dear all,\r\n\r\n  {% if %}x{% endif %}", 3, 3, "{% if %}")]
    [InlineData("Dear {{ customer }},\n{{ module", 2, 1, "{{")]
    [InlineData("{% if a %}x{% endfor %}", 1, 12, "{% endfor %}")]
    [InlineData("{% comment %}{% if %}{{ {% endcomment %}\n{% for x %}{% endfor %}", 2, 1, "{% for x %}")]
    [InlineData("{% if a %}{% when 3 %}{% endif %}", 1, 11, "{% when 3 %}")]
    public void Who_reads_Chinese_is_told_in_Chinese_where_a_template_is_wrong_and_in_what(string source, int line, int column, string what)
    {
        var said = LiquidText.Render(source, Values, CultureInfo.InvariantCulture).Refusal!.Sentence;

        Assert.StartsWith($"The template cannot be read at line {line}, column {column}: ", said.En, StringComparison.Ordinal);
        Assert.StartsWith($"模板第 {line} 行第 {column} 列无法解析：", said.Zh, StringComparison.Ordinal);
        Assert.Contains(what, said.Zh.Split("解析器原文（英文）：“")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_of_a_thousand_turns_is_allowed() =>
        Assert.Equal(1000, LiquidText.Render("{% for a in (1..1000) %}x{% endfor %}", Values, CultureInfo.InvariantCulture).Value.Length);

    [Fact]
    public void A_template_of_more_than_twenty_thousand_characters_is_refused()
    {
        Assert.Null(LiquidText.Render(new string('x', 20_000), Values, CultureInfo.InvariantCulture).Refusal);
        Assert.Equal("template.too-long", LiquidText.Render(new string('x', 20_001), Values, CultureInfo.InvariantCulture).Refusal?.Code);
    }

    [Fact]
    public void Html_and_markdown_in_a_name_stand_for_themselves()
    {
        const string name = "<script>alert(1)</script> [click](http://evil.test) **bold** & Co.";
        var markdown = LiquidText.Render("Dear {{ customer }}", new Dictionary<string, object?> { ["customer"] = MarkdownText.Escape(name) }, CultureInfo.InvariantCulture).Value;

        var html = MarkdownText.ToHtml(markdown);

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<a", html);
        Assert.DoesNotContain("<strong>", html);
        Assert.Equal($"Dear {name}", MarkdownText.ToPlain(html));
    }

    [Fact]
    public void A_link_to_a_script_loses_its_address() =>
        Assert.DoesNotContain("javascript", MarkdownText.ToHtml("[x](javascript:alert(1))"));

    private static Dictionary<string, object?> Values => new() { ["module"] = "Legacy rooms" };
}
