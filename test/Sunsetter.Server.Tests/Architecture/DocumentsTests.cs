using System.Text.RegularExpressions;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Architecture;

/// <summary>What can be checked of the documents without understanding them: links, the two languages beside each other, names of files and refusals.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there() =>
        Assert.Empty(Pages().SelectMany(page => Link().Matches(Prose(page)).Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains(':') && !Leads(page, link)).Select(link => $"{page}: {link}")));

    [Fact]
    public void Every_file_that_a_page_names_is_there() =>
        Assert.Empty(Pages().SelectMany(page => NamedFile().Matches(Prose(page)).Select(name => name.Groups[1].Value)
            .Where(name => Directory.GetFileSystemEntries(Path.GetDirectoryName(At(name))!, Path.GetFileName(name)).Length == 0).Select(name => $"{page}: {name}")));

    [Fact]
    public void Both_languages_have_the_same_pages_sections_tables_and_lists()
    {
        Assert.Equal(Names("docs"), Names("docs/zh-CN"));
        Assert.All(Names("docs").Select(name => ($"docs/{name}", $"docs/zh-CN/{name}")).Concat(new[] { "README", "CONTRIBUTING", "SECURITY", "samples/ChatApp/README" }.Select(name => ($"{name}.md", $"{name}.zh-CN.md"))),
            pair => Assert.Equal(Shape(pair.Item1), Shape(pair.Item2)));
    }

    [Theory, InlineData("docs/gates-wire-format.md"), InlineData("docs/zh-CN/gates-wire-format.md")]
    public void The_wire_format_names_every_refusal_of_the_edge(string page)
    {
        var text = File.ReadAllText(At(page));
        var codes = new[] { "Gates", "Usage/Intake", "Announce/InApp" }
            .SelectMany(room => Directory.EnumerateFiles(At($"src/Sunsetter.Server/{room}"), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => EdgeCode().Matches(File.ReadAllText(file)).Select(code => code.Groups[1].Value)).ToHashSet();
        Assert.Contains("edge.rate", codes);
        Assert.DoesNotContain(codes, code => !text.Contains($"`{code}`", StringComparison.Ordinal));
    }

    /// <summary>Per section: how deep it is, and how many rows, points and blocks of code it has.</summary>
    private static List<string> Shape(string page)
    {
        var (sections, level, rows, points, blocks, inside) = (new List<string>(), 0, 0, 0, 0, false);
        foreach (var line in File.ReadLines(At(page)).Append("# "))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                (inside, blocks) = (!inside, blocks + (inside ? 0 : 1));
            else if (inside)
                continue;
            else if (Heading().Match(line) is { Success: true } heading)
            {
                sections.Add($"{sections.Count}. level {level}, {rows} rows, {points} points, {blocks} blocks of code");
                (level, rows, points, blocks) = (heading.Groups[1].Length, 0, 0, 0);
            }
            else if (line.StartsWith('|'))
                rows++;
            else if (Point().IsMatch(line))
                points++;
        }
        return sections;
    }

    private static bool Leads(string page, string link)
    {
        var parts = link.Split('#');
        var target = parts[0].Length == 0 ? At(page) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(At(page))!, parts[0]));
        return (File.Exists(target) || Directory.Exists(target)) && (parts.Length == 1 || Anchors(target).Contains(parts[1]));
    }

    /// <summary>As a forge makes them of headings: lower case, hyphens for spaces, no punctuation.</summary>
    private static IEnumerable<string> Anchors(string file) =>
        Heading().Matches(Fence().Replace(File.ReadAllText(file), "")).Select(heading => Punctuation().Replace(heading.Groups[2].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> Pages() =>
        Directory.GetFiles(Repository.Root, "*.md").Concat(new[] { "docs", "samples", "bench" }.SelectMany(folder => Directory.GetFiles(At(folder), "*.md", SearchOption.AllDirectories)))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Repository.Root, file));

    private static List<string?> Names(string folder) => [.. Directory.GetFiles(At(folder), "*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private static string Prose(string page) => Fence().Replace(File.ReadAllText(At(page)), "");

    private static string At(string path) => Path.Combine(Repository.Root, path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // What a build makes is not there before it.
    [GeneratedRegex(@"`((?:src|test|docs|sdk|samples|deploy|bench)/(?!js/dist|decisions/NNNN)[^`\s…<]+?)/?`")]
    private static partial Regex NamedFile();

    [GeneratedRegex("\"((?:edge|usage|notices)\\.[a-z-]+)\"")]
    private static partial Regex EdgeCode();

    [GeneratedRegex(@"^(#+) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?:[-*]|\d+\.) ")]
    private static partial Regex Point();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}\p{Pc}\- ]")]
    private static partial Regex Punctuation();
}
