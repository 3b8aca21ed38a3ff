using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

internal sealed class CatalogueTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<Module>(module =>
        {
            module.HasKey(row => row.Key);
            module.Ignore(row => row.Name);
            module.Property(row => row.DependsOn).StoredAsJson();
            module.Property(row => row.Replacements).StoredAsJson();
            module.Property(row => row.Capabilities).StoredAsJson();
        });
        model.Entity<Customer>(customer =>
        {
            customer.HasKey(row => row.Key);
            customer.Ignore(row => row.Name);
        });
        model.Entity<Contact>().HasKey(contact => contact.Id);
        model.Entity<ImportRun>(run =>
        {
            run.HasKey(row => row.Id);
            run.Property(row => row.UnknownColumns).StoredAsJson();
            run.Property(row => row.UnknownKeys).StoredAsJson();
            run.Property(row => row.FirstRejects).StoredAsJson();
            run.Property(row => row.Problem!).StoredAsJson();
        });
        model.Entity<ImportRejectPart>().HasKey(part => new { part.Run, part.Part });
    }
}
