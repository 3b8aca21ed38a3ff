using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Users of every module, customer and day of the last days; days without use are left out.</summary>
    /// <param name="days">1 to 400.</param>
    public async Task<IReadOnlyList<MatrixCell>> Matrix(DateOnly until, int days, CancellationToken cancel)
    {
        var rows = await matrix.Of(until.DayNumber - Math.Clamp(days, 1, 400) + 1, until.DayNumber, cancel);
        var modules = await keys.Modules(cancel);
        var customers = await keys.Customers(rows.Select(row => row.Customer), cancel);
        return [.. rows.Select(row => new MatrixCell(modules[row.Module], customers[row.Customer], DateOnly.FromDayNumber(row.Day), row.Users, row.Calls))];
    }
}

internal readonly record struct MatrixCell(ModuleKey Module, CustomerKey Customer, DateOnly Day, int Users, long Calls);
