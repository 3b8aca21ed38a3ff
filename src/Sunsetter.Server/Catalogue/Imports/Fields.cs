using System.Globalization;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>Cells that are numbers or lists, and whether writing changed anything.</summary>
internal static class Fields
{
    /// <summary>A decimal with a point: 1200000.50. A comma is refused, for it means different things in different countries.</summary>
    public static decimal? Number(string? cell, string field, out Refusal? problem)
    {
        problem = null;
        if (cell is null or "")
            return null;
        if (decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return number;
        problem = Checks.Bad("catalogue.bad-number", field, $"“{Checks.Shown(cell)}” in “{field}” is no number. Write it as 1200000.50, without separators.", $"“{field}”中的“{Checks.Shown(cell)}”不是数字。请写作 1200000.50，不带千位分隔符。");
        return null;
    }

    public static int? Whole(string? cell, string field, out Refusal? problem)
    {
        var number = Number(cell, field, out problem);
        if (number is null || number == Math.Truncate(number.Value) && Math.Abs(number.Value) < int.MaxValue)
            return (int?)number;
        problem = Checks.Bad("catalogue.bad-number", field, $"“{Checks.Shown(cell)}” in “{field}” is no whole number.", $"“{field}”中的“{Checks.Shown(cell)}”不是整数。");
        return null;
    }

    /// <summary>An amount of money as it is stored: to the cent, without trailing zeros, so that it is found unchanged again.</summary>
    public static decimal? Amount(decimal? amount) => amount is { } value ? Math.Round(value, 2) / 1.0000000000000000000000000000m : null;

    /// <summary>Several values in one cell, separated by <c>;</c>.</summary>
    public static IReadOnlyList<string>? List(string? cell) => cell?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static bool Change<T>(T row, Action write)
    {
        var before = JsonSerializer.Serialize(row, Json.Stored);
        write();
        return before != JsonSerializer.Serialize(row, Json.Stored);
    }
}
