using DotLiquid;
using DotLiquid.Exceptions;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>Where a template cannot be read, and why, in both languages: the parser names no place and speaks English only, so its words are quoted.</summary>
internal static class TemplateFault
{
    private const int LongestQuote = 60;

    private static readonly string[] Blocks = ["if", "unless", "case", "for", "comment"];

    /// <param name="said">What the parser said.</param>
    public static Refusal Of(string source, string said)
    {
        if (Find(source) is not var (at, why))
            return new("template.wrong", $"The template cannot be filled in. The parser says: “{said}”", $"模板无法生成正文。解析器原文（英文）：“{said}”");
        var (line, column) = (source.AsSpan(0, at).Count('\n') + 1, at - (at == 0 ? -1 : source.LastIndexOf('\n', at - 1)));
        return new("template.wrong", $"The template cannot be read at line {line}, column {column}: {why.En} The parser says: “{said}”", $"模板第 {line} 行第 {column} 列无法解析：{why.Zh}解析器原文（英文）：“{said}”");
    }

    private static (int At, Text Why)? Find(string source)
    {
        var open = new Stack<(int At, string Name, string Markup)>();
        for (var at = 0; (at = Next(source, at)) >= 0;)
        {
            var commented = open.TryPeek(out var around) && around.Name == "comment";
            if (commented && source[at + 1] == '{')
            {
                at += 2;
                continue;
            }
            var close = source[at + 1] == '{' ? "}}" : "%}";
            var end = source.IndexOf(close, at + 2, StringComparison.Ordinal);
            if (end < 0)
                return (at, new($"“{source.AsSpan(at, 2)}” is never closed; add “{close}”.", $"“{source.AsSpan(at, 2)}”没有闭合，请补上“{close}”。"));
            var (markup, name) = (source[at..(end + 2)], close == "}}" ? "" : new string([.. source[(at + 2)..end].TrimStart('-', ' ', '\t', '\r', '\n').TakeWhile(char.IsLetter)]));
            if (!(commented && name != "endcomment") && Wrong(open, at, name, markup) is { } why)
                return (at, why);
            at = end + 2;
        }
        return open.TryPop(out var last) ? (last.At, new($"“{Quote(last.Markup)}” has no end; add “{EndOf(last.Name)}”.", $"“{Quote(last.Markup)}”没有结束标签，请补上“{EndOf(last.Name)}”。")) : null;
    }

    private static Text? Wrong(Stack<(int At, string Name, string Markup)> open, int at, string name, string markup)
    {
        if (name.StartsWith("end", StringComparison.Ordinal))
            return open.TryPop(out var begun) && name == "end" + begun.Name ? null
                : new($"“{Quote(markup)}” ends nothing that stands open here; remove it, or begin it before.", $"“{Quote(markup)}”没有对应的起始标签，请删除或补上起始标签。");
        if (!(Blocks.Contains(name) ? IsRead(markup + EndOf(name)) : open.TryPeek(out var around) ? IsRead(around.Markup + markup + EndOf(around.Name)) : IsRead(markup)))
            return new($"“{Quote(markup)}” is not complete, or not in its place; correct it.", $"“{Quote(markup)}”不完整或位置不对，请更正。");
        if (Blocks.Contains(name))
            open.Push((at, name, markup));
        return null;
    }

    private static string EndOf(string block) => "{% end" + block + " %}";

    private static bool IsRead(string source)
    {
        try
        {
            return Template.Parse(source, SyntaxCompatibility.DotLiquid22a) is not null;
        }
        catch (LiquidException)
        {
            return false;
        }
    }

    private static int Next(string source, int from)
    {
        while ((from = source.IndexOf('{', from)) >= 0 && !(from + 1 < source.Length && source[from + 1] is '{' or '%'))
            from++;
        return from;
    }

    private static string Quote(string markup) => markup.Length <= LongestQuote ? markup : markup[..LongestQuote] + "…";
}
