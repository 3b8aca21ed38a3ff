using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;
using Markdig;

namespace Sunsetter.Server.Platform;

/// <summary>Markdown as safe HTML, the same words as plain text, and what people wrote as words within Markdown.</summary>
internal static partial class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    private static readonly HtmlSanitizer Sanitizer = new(new HtmlSanitizerOptions
    {
        AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "p", "br", "h1", "h2", "h3", "ul", "ol", "li", "a", "strong", "em", "blockquote", "code", "hr" },
        AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
        AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto", "tel" },
        UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
    });

    public static string ToHtml(string markdown) => Sanitizer.Sanitize(Markdown.ToHtml(markdown, Pipeline));

    /// <summary>Paragraphs on lines of their own; a link's address behind its words.</summary>
    public static string ToPlain(string html)
    {
        var text = new StringBuilder();
        Walk(new HtmlParser().ParseDocument(html).Body!, text);
        var lines = text.ToString().Split('\n').Select(line => line.Trim());
        var kept = new List<string>();
        foreach (var line in lines)
            if (line.Length > 0 || kept.Count > 0 && kept[^1].Length > 0)
                kept.Add(line);
        return string.Join('\n', kept).Trim();
    }

    /// <summary>What somebody wrote, on one line of a text that people read as Markdown too: only what would be taken for markup is escaped.</summary>
    public static string Line(string words) => Markup().Replace(LineBreaks().Replace(words, " "), @"\$0");

    /// <summary>A value that stands for itself in Markdown, whatever it holds.</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var letter in value.ReplaceLineEndings(" "))
        {
            if (char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)))
                text.Append('\\');
            text.Append(letter);
        }
        return text.ToString();
    }

    [GeneratedRegex(@"[\\`*_\[\]<>|#]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();

    private static void Walk(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText words)
                text.Append(words.Data.ReplaceLineEndings(" "));
            else if (child is IElement element)
                Element(element, text);
        }
    }

    private static void Element(IElement element, StringBuilder text)
    {
        var name = element.LocalName;
        if (name is "br")
            text.Append('\n');
        if (name is "li")
            text.Append("\n- ");
        if (name is "p" or "h1" or "h2" or "h3" or "ul" or "ol" or "blockquote" && element.ParentElement?.LocalName != "li")
            text.Append("\n\n");
        Walk(element, text);
        if (name is "a" && element.GetAttribute("href") is { } address && !element.TextContent.Contains(address, StringComparison.Ordinal) && !address.StartsWith("mailto:", StringComparison.Ordinal) && !address.StartsWith("tel:", StringComparison.Ordinal))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" ({address})");
        if (name is "p" or "h1" or "h2" or "h3" or "ul" or "ol" && element.ParentElement?.LocalName != "li")
            text.Append("\n\n");
    }
}
