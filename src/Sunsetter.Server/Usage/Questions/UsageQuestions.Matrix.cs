namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Users of every module, customer and day of the last days; days without use are left out.</summary>
    /// <param name="days">1 to 400.</param>
    public Task<IReadOnlyList<MatrixCell>> Matrix(DateOnly until, int days, CancellationToken cancel) =>
        matrix.Of(until.DayNumber - Math.Clamp(days, 1, 400) + 1, until.DayNumber, cancel);
}
