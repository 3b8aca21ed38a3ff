using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a holiday file holds: whole years, and the lines that could not be read.</summary>
internal sealed record HolidayFile(IReadOnlyList<CountryYear> Years, IReadOnlyList<Text> Errors)
{
    /// <summary>Longest file that is read, in characters.</summary>
    public const int LongestText = 5_000_000;

    private const int LongestName = 120;

    /// <summary>Reads the JSON of one year as NateScarlet/holiday-cn publishes it, or CSV with the header <c>country,date,name,kind</c>.</summary>
    /// <param name="country">Country of a JSON file, which names none.</param>
    public static HolidayFile Read(string text, string country)
    {
        if (text.Length > LongestText)
            return Broken($"The file is longer than {LongestText} characters.", $"文件超过 {LongestText} 个字符。");
        text = text.TrimStart('\uFEFF').Trim();
        if (text.Length == 0)
            return Broken("The file is empty.", "文件为空。");
        return text[0] == '{' ? FromJson(text, country) : HolidayCsv.Read(text);
    }

    /// <summary>Two letters, as in ISO 3166.</summary>
    public static bool IsCountry(string country) => country.Length == 2 && country.All(char.IsAsciiLetterUpper);

    internal static HolidayFile Broken(string en, string zh) => new([], [new Text(en, zh)]);

    internal static HolidayFile Of(IEnumerable<(string Country, SpecialDay Day)> days, IReadOnlyList<Text> errors, string source) => new(
        [.. days.GroupBy(one => (one.Country, one.Day.Day.Year)).OrderBy(year => year.Key)
            .Select(year => new CountryYear(year.Key.Country, year.Key.Year, [.. year.Select(one => one.Day).DistinctBy(day => day.Day).OrderBy(day => day.Day)], source))],
        errors);

    internal static string Shortened(string name) => name.Length <= LongestName ? name : name[..LongestName];

    private static HolidayFile FromJson(string text, string country)
    {
        if (!IsCountry(country))
            return Broken($"“{country}” is not a country: give two capital letters such as CN.", $"“{country}”不是国家代码：请填写两个大写字母，如 CN。");
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (!root.TryGetProperty("year", out var year) || year.ValueKind != JsonValueKind.Number || !year.TryGetInt32(out var number) || number is < 1900 or > 2200 || !root.TryGetProperty("days", out var list) || list.ValueKind != JsonValueKind.Array)
                return Broken("The file lacks “year” or “days”: it is not a holiday-cn file.", "文件缺少“year”或“days”：不是 holiday-cn 格式。");
            if (list.GetArrayLength() == 0)
                return Broken($"{number} holds no days: it is not published yet and stays unknown.", $"{number} 年没有任何日期：尚未公布，仍视为未知。");
            var errors = new List<Text>();
            var days = list.EnumerateArray().Select((one, at) => JsonDay(one, at, errors)).OfType<SpecialDay>().ToList();
            var papers = root.TryGetProperty("papers", out var sources) && sources.ValueKind == JsonValueKind.Array ? string.Join(" ", sources.EnumerateArray().Where(source => source.ValueKind == JsonValueKind.String).Select(source => source.GetString())) : "";
            // A year's notice may speak of the last days of the year before: they hold, and do not make that year a known one.
            var own = days.Where(day => Math.Abs(day.Day.Year - number) <= 1).DistinctBy(day => day.Day).OrderBy(day => day.Day);
            if (errors.Count == 0 && days.TrueForAll(day => day.Day.Year != number))
                return Broken($"The file is of {number}, and no day in it lies in that year. Nothing was changed.", $"文件标明为 {number} 年，但其中没有该年的日期。未作任何更改。");
            return errors.Count > 0 ? new HolidayFile([], errors) : new HolidayFile([new CountryYear(country, number, [.. own], papers)], []);
        }
        catch (JsonException broken)
        {
            return Broken($"This is not JSON: line {broken.LineNumber + 1}.", $"不是有效的 JSON：第 {broken.LineNumber + 1} 行。");
        }
    }

    private static SpecialDay? JsonDay(JsonElement one, int at, List<Text> errors)
    {
        if (one.ValueKind == JsonValueKind.Object
            && one.TryGetProperty("date", out var date) && date.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(date.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && one.TryGetProperty("isOffDay", out var off) && off.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return new SpecialDay(day, off.GetBoolean() ? SpecialDayKind.Holiday : SpecialDayKind.WorkingDay,
                Shortened(one.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : ""));
        errors.Add(new Text($"days[{at}] needs “date” as YYYY-MM-DD and “isOffDay” as true or false.", $"days[{at}] 需要“date”（YYYY-MM-DD）和“isOffDay”（true 或 false）。"));
        return null;
    }
}

/// <summary>One published year of one country.</summary>
/// <param name="Source">Where it was published, as far as the file says.</param>
internal sealed record CountryYear(string Country, int Year, ImmutableArray<SpecialDay> Days, string Source);
