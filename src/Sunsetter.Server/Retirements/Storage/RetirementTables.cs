using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

internal sealed class RetirementTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<FactRow>().HasKey(fact => new { fact.Retirement, fact.Customer, fact.Version });
        model.Entity<DoneRequestRow>().HasKey(done => done.Key);
        model.Entity<RetirementRow>().HasKey(row => row.Id);
        model.Entity<RetirementRow>().Property(row => row.Version).IsConcurrencyToken();
        model.Entity<EntryRow>().HasKey(row => new { row.Retirement, row.Customer });
        model.Entity<EntryRow>().Property(row => row.Version).IsConcurrencyToken();
    }

    public static void Configure(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<ModuleKey>().HaveConversion<ModuleKeyText>();
        conventions.Properties<CustomerKey>().HaveConversion<CustomerKeyText>();
        conventions.Properties<RetirementId>().HaveConversion<RetirementIdText>();
    }

    private sealed class ModuleKeyText() : ValueConverter<ModuleKey, string>(key => key.Value, stored => new ModuleKey(stored));

    private sealed class CustomerKeyText() : ValueConverter<CustomerKey, string>(key => key.Value, stored => new CustomerKey(stored));

    private sealed class RetirementIdText() : ValueConverter<RetirementId, string>(id => id.ToString(), stored => new RetirementId(Guid.Parse(stored)));
}
