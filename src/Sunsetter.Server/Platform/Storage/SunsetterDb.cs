using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Sunsetter.Server.Platform;

/// <summary>
/// Everything stored, on SQLite or PostgreSQL. Rooms add their tables through <see cref="IStoredTables"/>; the tables themselves are made by the
/// scripts in <c>Platform/Storage/Schema</c>. Instants are Unix milliseconds, days are ISO text: both sort alike on both databases.
/// </summary>
internal sealed partial class SunsetterDb(DbContextOptions<SunsetterDb> options) : IdentityUserContext<Person, Guid>(options), IDataProtectionKeyContext
{
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<SignInLink> SignInLinks => Set<SignInLink>();
    public DbSet<Lease> Leases => Set<Lease>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<Stamp> Stamps => Set<Stamp>();

    public bool IsPostgres => Database.ProviderName!.Contains("Npgsql", StringComparison.Ordinal);

    /// <summary>A transaction in which everything is read as of one moment, and in nobody's way: SQLite has that in any that only reads, and by this name it does not take the turn of the one writer.</summary>
    public Task<IDbContextTransaction> OneMoment(CancellationToken cancel) =>
        Database.BeginTransactionAsync(IsPostgres ? System.Data.IsolationLevel.RepeatableRead : System.Data.IsolationLevel.ReadUncommitted, cancel);

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RenewStamps();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Whether saving failed because somebody else was faster: read again and try again.</summary>
    public static bool Overtaken(DbUpdateException failure) =>
        failure is DbUpdateConcurrencyException || failure.InnerException is System.Data.Common.DbException { IsTransient: true } or System.Data.Common.DbException { SqlState: "23505" };

    private void RenewStamps()
    {
        // Looking for changes costs as much as saving them: only where there is such a row at all.
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        var any = ChangeTracker.Entries<IStamped>().Any();
        ChangeTracker.AutoDetectChangesEnabled = detects;
        if (!any)
            return;
        foreach (var kind in ChangeTracker.Entries<IStamped>().Where(row => row.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).Select(row => row.Metadata.ClrType.Name).Distinct().ToList())
        {
            var stamp = Stamps.Local.FirstOrDefault(known => known.Name == kind) ?? Stamps.Attach(new Stamp(kind)).Entity;
            stamp.Value = $"{Guid.CreateVersion7():N}";
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        conventions.Properties<DateOnly>().HaveConversion<IsoDay>();
        conventions.Properties<Guid>().HaveConversion<GuidText>();
        conventions.Properties<decimal>().HaveConversion<double>();
        conventions.Properties<Enum>().HaveConversion<string>();
        StoredTables.Configure(conventions);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        model.Entity<IdentityUserLogin<Guid>>().ToTable("person_login");
        model.Entity<IdentityUserClaim<Guid>>().ToTable("person_claim");
        model.Entity<IdentityUserToken<Guid>>().ToTable("person_token");
        model.Entity<Person>().ToTable("person");
        model.Entity<ApiToken>().HasIndex(token => token.Hash).IsUnique();
        model.Entity<SignInLink>().HasKey(link => link.Hash);
        model.Entity<Lease>().HasKey(lease => lease.Name);
        model.Entity<Setting>().HasKey(setting => setting.Name);
        model.Entity<Setting>().Property(setting => setting.Json).IsConcurrencyToken();
        model.Entity<Stamp>().HasKey(stamp => stamp.Name);
        StoredTables.Configure(model);

        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase(entity.GetTableName() is { } table && table != entity.ClrType.Name && !table.Contains('.') && char.IsLower(table[0]) ? table : entity.ClrType.Name.Replace("Row", "")));
            foreach (var property in entity.GetProperties())
                property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)(?<!_)[A-Z]")]
    private static partial Regex WordStart();

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

    private sealed class IsoDay() : ValueConverter<DateOnly, string>(
        day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        stored => DateOnly.ParseExact(stored, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    private sealed class GuidText() : ValueConverter<Guid, string>(id => id.ToString("N"), stored => Guid.Parse(stored));
}

/// <summary>A list or a small document in one text column, as JSON.</summary>
internal static class JsonColumns
{
    public static void StoredAsJson<T>(this Microsoft.EntityFrameworkCore.Metadata.Builders.PropertyBuilder<T> property) where T : class =>
        property.HasConversion(
            value => JsonSerializer.Serialize(value, Json.Stored),
            stored => JsonSerializer.Deserialize<T>(stored, Json.Stored)!,
            new ValueComparer<T>(
                (left, right) => JsonSerializer.Serialize(left, Json.Stored) == JsonSerializer.Serialize(right, Json.Stored),
                value => JsonSerializer.Serialize(value, Json.Stored).GetHashCode(StringComparison.Ordinal),
                value => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, Json.Stored), Json.Stored)!));
}
