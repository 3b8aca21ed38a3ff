using System.Globalization;
using System.Text.RegularExpressions;
using DotLiquid;
using DotLiquid.Exceptions;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>
/// Renders a Liquid template that somebody edited in the console, without trusting it: no files, no variables of its own, a short list of tags and filters,
/// at most 1,000 turns of a loop, two seconds (a busy server is no endless template) and 200,000 characters.
/// </summary>
internal static partial class LiquidText
{
    private const int LongestSource = 20_000;
    private const int LongestText = 200_000;
    private const int MostTurns = 1_000;
    private const int MostMilliseconds = 2_000;

    private static readonly string[] Tags = ["if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for", "endfor", "break", "comment", "endcomment"];

    // Filters that cannot make a text grow without bound.
    private static readonly string[] Filters = ["upcase", "downcase", "capitalize", "strip", "size", "first", "last", "join", "default", "truncate", "plus", "minus"];

    public static Outcome<string> Render(string source, IDictionary<string, object?> values, CultureInfo culture)
    {
        if (source.Length > LongestSource)
            return new Refusal("template.too-long", $"The template has {source.Length:N0} characters; {LongestSource:N0} is the limit. Shorten it.", $"模板有 {source.Length:N0} 个字符，上限为 {LongestSource:N0}。请精简。");
        if (Forbidden(source) is { } forbidden)
            return forbidden;
        try
        {
            var template = Template.Parse(source, SyntaxCompatibility.DotLiquid22a);
            using var text = new BoundedWriter(LongestText, culture);
            template.Render(text, new RenderParameters(culture)
            {
                LocalVariables = Hash.FromDictionary(values!), ErrorsOutputMode = ErrorsOutputMode.Rethrow, MaxIterations = MostTurns, Timeout = MostMilliseconds,
                SyntaxCompatibilityLevel = SyntaxCompatibility.DotLiquid22a,
            });
            return text.ToString();
        }
        catch (Exception looping) when (looping is MaximumIterationsExceededException or TimeoutException or OperationCanceledException or TextTooLongException)
        {
            return new Refusal("template.loops", $"The template does not come to an end: a loop may turn {MostTurns:N0} times and the text may have {LongestText:N0} characters. Remove the loop.",
                $"模板无法结束：循环最多 {MostTurns:N0} 次，正文最多 {LongestText:N0} 个字符。请移除该循环。");
        }
        catch (LiquidException wrong)
        {
            return TemplateFault.Of(source, wrong.Message);
        }
    }

    private static Refusal? Forbidden(string source)
    {
        foreach (Match markup in Markup().Matches(source))
        {
            var inside = Quoted().Replace(markup.Value, "''");
            if (inside.StartsWith("{%", StringComparison.Ordinal) && Tag().Match(inside) is var tag && !Tags.Contains(tag.Groups[1].Value))
                return new Refusal("template.forbidden-tag", $"The tag “{tag.Groups[1].Value}” is not available in notices. Use: {string.Join(", ", Tags)}.", $"通知模板不支持标签“{tag.Groups[1].Value}”。可用：{string.Join("、", Tags)}。");
            foreach (Match filter in Filter().Matches(inside))
                if (!Filters.Contains(filter.Groups[1].Value))
                    return new Refusal("template.forbidden-filter", $"The filter “{filter.Groups[1].Value}” is not available in notices. Use: {string.Join(", ", Filters)}.", $"通知模板不支持过滤器“{filter.Groups[1].Value}”。可用：{string.Join("、", Filters)}。");
        }
        return null;
    }

    [GeneratedRegex(@"\{\{.*?\}\}|\{%.*?%\}", RegexOptions.Singleline)]
    private static partial Regex Markup();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\{%-?\s*(\w*)")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\|\s*(\w+)")]
    private static partial Regex Filter();

    private sealed class TextTooLongException : Exception;

    private sealed class BoundedWriter(int most, CultureInfo culture) : StringWriter(culture)
    {
        public override void Write(char value)
        {
            Room(1);
            base.Write(value);
        }

        public override void Write(string? value)
        {
            Room(value?.Length ?? 0);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Room(count);
            base.Write(buffer, index, count);
        }

        private void Room(int more)
        {
            if (GetStringBuilder().Length + more > most)
                throw new TextTooLongException();
        }
    }
}
