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
