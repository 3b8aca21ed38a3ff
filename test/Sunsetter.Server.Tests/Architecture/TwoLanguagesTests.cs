using System.Text;
using System.Text.RegularExpressions;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Architecture;

/// <summary>How the words that people read are set, in both languages: read from the sources, where each stands beside the other.</summary>
public sealed partial class TwoLanguagesTests
{
    /// <summary>A hole of an interpolated text: what it will hold is not known here.</summary>
    private const char Hole = '￼';

    /// <param name="Told">It is told to a person for certain; else two literals beside each other may be anything.</param>
    private sealed record Words(string File, string En, string Zh, bool Told = true)
    {
        public override string ToString() => $"{File}: {En} | {Zh}";
    }

    private static readonly IReadOnlyList<Words> Pairs = [.. Sources("*.cs").Concat(Sources("*.razor")).SelectMany(file => PairsIn(Path.GetFileName(file), File.ReadAllText(file)))];

    [Fact]
    public void Chinese_texts_have_chinese_punctuation()
    {
        Assert.DoesNotContain(Pairs, pair => HalfWidth().IsMatch(Without(pair.Zh)));
        Assert.DoesNotContain(Templates(), line => HalfWidth().IsMatch(line.Zh));
    }

    [Fact]
    public void English_texts_hold_no_chinese() => Assert.DoesNotContain(Pairs, pair => pair.Told && Han().IsMatch(Without(pair.En)));

    [Fact]
    public void A_day_in_a_chinese_text_has_a_space_before_it_and_none_behind() => Assert.DoesNotContain(Pairs, pair => DayAgainstWords().IsMatch(pair.Zh));

    [Fact]
    public void A_day_is_written_by_the_one_helper() => Assert.DoesNotContain(Pairs, pair => OwnDay().IsMatch(pair.En) || OwnDay().IsMatch(pair.Zh));

    [Fact]
    public void A_share_has_no_space_before_its_sign() => Assert.DoesNotContain(Pairs, pair => SpacedPerCent().IsMatch(Without(pair.En)) || SpacedPerCent().IsMatch(Without(pair.Zh)));

    [Fact]
    public void The_texts_are_found_at_all() => Assert.InRange(Pairs.Count(pair => Han().IsMatch(Without(pair.Zh))), 1_500, int.MaxValue);

    private static IEnumerable<string> Sources(string pattern) =>
        new[] { "Sunsetter.Server", "Sunsetter.Cli", "Sunsetter.Client.AspNetCore" }.SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<Words> Templates() => Sources("*.zh-CN.md").SelectMany(file =>
        File.ReadLines(file).Select(line => new Words(Path.GetFileName(file), "", Liquid().Replace(line, Hole.ToString()))));

    // Two literals beside each other, the second one Chinese: T("…", "…"), new Text(…), the sentences of a Refusal.
    private static IEnumerable<Words> PairsIn(string file, string source)
    {
        foreach (Match start in Literal().Matches(source))
        {
            if (End(source, start.Index) is not { } end || Beside().Match(source, end) is not { Success: true } beside || beside.Index != end)
                continue;
            var second = end + beside.Length;
            if (End(source, second) is { } last && Han().IsMatch(source[second..last]))
                yield return new Words(file, source[start.Index..end], source[second..last], Telling().IsMatch(source[..start.Index][^8..]));
        }
    }

    /// <summary>Behind the literal that begins at <paramref name="at"/>; null where none does, or it goes on over several lines.</summary>
    private static int? End(string source, int at)
    {
        var interpolated = source[at] == '$';
        var depth = 0;
        for (var next = at + (interpolated ? 2 : 1); next < source.Length && source[next] != '\n'; next++)
        {
            var letter = source[next];
            if (depth == 0 && letter == '"')
                return next + 1;
            if (letter == '\\')
                next++;
            else if (interpolated && letter is '{' or '}' && depth == 0 && source[next + 1] == letter)
                next++;
            else if (interpolated && letter == '{')
                depth++;
            else if (interpolated && letter == '}')
                depth--;
            else if (depth > 0 && letter is '"' or '$' && (letter == '"' || source[next + 1] == '"'))
            {
                if (End(source, next) is not { } inner)
                    return null;
                next = inner - 1;
            }
        }
        return null;
    }

    /// <summary>The words themselves, each hole as one character.</summary>
    private static string Without(string literal)
    {
        if (literal[0] != '$')
            return literal[1..^1];
        var (words, depth) = (new StringBuilder(), 0);
        foreach (var letter in literal[2..^1].Replace("{{", "").Replace("}}", ""))
        {
            if (letter == '{' && depth++ == 0)
                words.Append(Hole);
            else if (letter == '}')
                depth--;
            else if (depth == 0)
                words.Append(letter);
        }
        return words.ToString();
    }

    [GeneratedRegex(@"(?<![\\@""\w])\$?""(?!"")")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b(?:T|new|Text)\($")]
    private static partial Regex Telling();

    [GeneratedRegex(@"\G,\s*(?=\$?""(?!""))")]
    private static partial Regex Beside();

    [GeneratedRegex(@"[\u4e00-\u9fff]")]
    private static partial Regex Han();

    [GeneratedRegex(@"[\u4e00-\u9fff] ?[,;:!?()]|[,;:!?()] ?[\u4e00-\u9fff]|￼ ?[,;(] ?￼|￼\) ?￼")]
    private static partial Regex HalfWidth();

    [GeneratedRegex(@"[\u4e00-\u9fff]\{(?:Days\.Zh|(?:\w+\.)*Day|On)\((?:[^{}]*)\}|\{(?:Days\.Zh|(?:\w+\.)*Day|On)\([^{}]*\} [\u4e00-\u9fff]")]
    private static partial Regex DayAgainstWords();

    [GeneratedRegex(@"yyyy|Days\.Iso|MMM")]
    private static partial Regex OwnDay();

    [GeneratedRegex(@"[\d￼] %")]
    private static partial Regex SpacedPerCent();

    [GeneratedRegex(@"\{\{.*?\}\}|\{%.*?%\}|\]\([^)]*\)")]
    private static partial Regex Liquid();
}
