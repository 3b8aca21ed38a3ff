using System.Globalization;
using System.Text.RegularExpressions;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>Finds the calendar days that a text names, in Chinese and English ways of writing them.</summary>
internal static partial class DatesInText
{
    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <param name="Day">Null where the text names a day that does not exist, or one that two readers would read differently (03/04/2027).</param>
    /// <param name="HasYear">False for "2 January": then <paramref name="Day"/> is in year 1 and only month and day count.</param>
    internal sealed record Found(string Words, DateOnly? Day, bool HasYear)
    {
        public bool Is(DateOnly day) => Day is { } mine && mine.Month == day.Month && mine.Day == day.Day && (!HasYear || mine.Year == day.Year);
    }

    public static IReadOnlyList<Found> In(string text)
    {
        var found = new SortedDictionary<int, (int End, Found Found)>();
        void Add(Match match, Found one)
        {
            // "2027年1月2日" must not be found again as "1月2日".
            if (!found.Any(known => match.Index < known.Value.End && known.Key < match.Index + match.Length))
                found[match.Index] = (match.Index + match.Length, one);
        }

        foreach (Match match in Chinese().Matches(text))
            Add(match, Read(match, match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));
        foreach (Match match in Iso().Matches(text))
            Add(match, Read(match, match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));
        foreach (Match match in Slashes().Matches(text))
            Add(match, new Found(match.Value, null, true));
        foreach (Match match in DayFirst().Matches(text))
            Add(match, Read(match, match.Groups[3].Value, MonthOf(match.Groups[2].Value), match.Groups[1].Value));
        foreach (Match match in MonthFirst().Matches(text))
            Add(match, Read(match, match.Groups[3].Value, MonthOf(match.Groups[1].Value), match.Groups[2].Value));
        return [.. found.Values.Select(one => one.Found)];
    }

    private static Found Read(Match match, string year, string month, string day)
    {
        var (y, m, d) = (Number(year), Number(month), Number(day));
        var hasYear = year.Length > 0;
        // Year 4 is a leap year: 29 February exists in it.
        var real = m is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth(hasYear ? y : 4, m);
        return new Found(match.Value.Trim(), real ? new DateOnly(hasYear ? y : 4, m, d) : null, hasYear);
    }

    private static int Number(string text) => text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture);

    private static string MonthOf(string name) =>
        (Array.FindIndex(Months, month => month.StartsWith(name.TrimEnd('.')[..3], StringComparison.OrdinalIgnoreCase)) + 1).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:([12]\d{3})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"(?<![\d-])([12]\d{3})[-./](\d{1,2})[-./](\d{1,2})(?![\d-])")]
    private static partial Regex Iso();

    [GeneratedRegex(@"(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])")]
    private static partial Regex Slashes();

    private const string Month = @"(jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sep(?:t|tember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)";

    [GeneratedRegex(@"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+" + Month + @"\b(?:,?\s+([12]\d{3}))?", RegexOptions.IgnoreCase)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"\b" + Month + @"\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+([12]\d{3}))?", RegexOptions.IgnoreCase)]
    private static partial Regex MonthFirst();
}
