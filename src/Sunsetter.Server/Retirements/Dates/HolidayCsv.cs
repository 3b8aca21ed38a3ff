using System.Globalization;
using Sunsetter.Server.Platform;
using Sylvan.Data.Csv;

namespace Sunsetter.Server.Retirements;

/// <summary>Holidays as CSV with the header <c>country,date,name,kind</c>; a kind is <c>holiday</c> (also <c>public</c>, <c>bank</c>) or <c>workday</c>. Further columns are left alone.</summary>
internal static class HolidayCsv
{
    private const int MostErrors = 50;

    public static HolidayFile Read(string text)
    {
        try
        {
            return Parsed(text);
        }
        catch (CsvRecordTooLargeException)
        {
            return HolidayFile.Broken("A line is longer than a holiday can be: is this the right file?", "有一行过长，不像节假日数据：请确认文件是否正确。");
        }
        catch (CsvFormatException broken)
        {
            return HolidayFile.Broken($"Line {broken.RowNumber + 1} is not CSV: {broken.Message}", $"第 {broken.RowNumber + 1} 行不是有效的 CSV。");
        }
    }

    private static HolidayFile Parsed(string text)
    {
        using var csv = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { HasHeaders = true });
        var columns = Enumerable.Range(0, csv.FieldCount).GroupBy(at => csv.GetName(at).Trim().ToLowerInvariant(), StringComparer.Ordinal).ToDictionary(name => name.Key, name => name.First(), StringComparer.Ordinal);
        if (!columns.TryGetValue("country", out var country) || !columns.TryGetValue("date", out var date))
            return HolidayFile.Broken("The first line must name the columns: country,date,name,kind.", "首行必须是列名：country,date,name,kind。");
        var name = columns.GetValueOrDefault("name", -1);
        var kind = columns.GetValueOrDefault("kind", columns.GetValueOrDefault("type", -1));

        var days = new List<(string, SpecialDay)>();
        var errors = new List<Text>();
        try
        {
            while (csv.Read() && errors.Count < MostErrors)
            {
                var line = csv.RowNumber + 1;
                var (where, when, what) = (Field(csv, country).ToUpperInvariant(), Field(csv, date), Kind(Field(csv, kind)));
                if (!HolidayFile.IsCountry(where))
                    errors.Add(new Text($"Line {line}: “{where}” is not a country of two letters.", $"第 {line} 行：“{where}”不是两个字母的国家代码。"));
                else if (!DateOnly.TryParseExact(when, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    errors.Add(new Text($"Line {line}: “{when}” is not a day as YYYY-MM-DD.", $"第 {line} 行：“{when}”不是 YYYY-MM-DD 格式的日期。"));
                else if (what is null)
                    errors.Add(new Text($"Line {line}: the kind is “holiday” or “workday”, not “{Field(csv, kind)}”.", $"第 {line} 行：类型应为 holiday 或 workday，而不是“{Field(csv, kind)}”。"));
                else
                    days.Add((where, new SpecialDay(day, what.Value, HolidayFile.Shortened(Field(csv, name)))));
            }
        }
        catch (CsvFormatException broken) when (errors.Count > 0 && broken is not CsvRecordTooLargeException)
        {
            errors.Add(new Text($"Line {broken.RowNumber + 1} is not CSV: {broken.Message}", $"第 {broken.RowNumber + 1} 行不是有效的 CSV。"));
        }
        // Half a year would pass for a whole one: a file with a broken line brings nothing.
        return errors.Count > 0 ? new HolidayFile([], errors) : HolidayFile.Of(days, [], "");
    }

    private static string Field(CsvDataReader csv, int at) => at < 0 || at >= csv.RowFieldCount ? "" : csv.GetString(at).Trim();

    private static SpecialDayKind? Kind(string kind) => kind.ToLowerInvariant() switch
    {
        "" or "holiday" or "public" or "bank" => SpecialDayKind.Holiday,
        "workday" or "working-day" or "make-up" => SpecialDayKind.WorkingDay,
        _ => null,
    };
}
