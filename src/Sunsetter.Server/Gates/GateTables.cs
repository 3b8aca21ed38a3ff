using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

internal sealed class GateTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<EdgeKeyRow>().HasKey(row => row.Kid);
        model.Entity<GateReceiptRow>().HasKey(row => row.Instance);
        model.Entity<GateOpeningRow>().HasKey(row => new { row.Position, row.Instance });
        model.Entity<GateChangeRow>().HasKey(row => row.Position);
        model.Entity<GateDrillRow>().HasKey(row => row.Id);
    }
}
