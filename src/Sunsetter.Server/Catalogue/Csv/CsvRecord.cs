using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>One record of a CSV file, or the reason why these lines are none.</summary>
/// <param name="Line">The line on which it begins, counted from 1; the header is line 1.</param>
/// <param name="Raw">The record as it stands in the file, shortened where it is too long.</param>
/// <param name="Cells">Empty where <paramref name="Problem"/> is set.</param>
internal sealed record CsvRecord(long Line, string Raw, IReadOnlyList<string> Cells, Refusal? Problem)
{
    public bool IsBlank => Problem is null && Cells.All(string.IsNullOrWhiteSpace);
}
