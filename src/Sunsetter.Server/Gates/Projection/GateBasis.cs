using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// What gates need of the catalogue and the workspace, as it was when the position was last raised for it. A copy, so that one position has one content
/// on every node, whenever it is read.
/// </summary>
internal sealed record GateBasis(ImmutableSortedDictionary<string, Text> Modules, Text Vendor, string SupportEmail, string PublicUrl)
{
    public static readonly GateBasis Empty = new(ImmutableSortedDictionary<string, Text>.Empty, Text.Same(""), "", "");

    public string Json() => JsonSerializer.Serialize(this, Platform.Json.Stored);

    public static GateBasis Read(string json) => JsonSerializer.Deserialize<GateBasis>(json, Platform.Json.Stored)!;
}

/// <summary>Copies the catalogue when it has changed. Level-triggered: whoever changed it need not tell.</summary>
internal sealed class KeepGateBasis(IDbContextFactory<SunsetterDb> databases, Settings settings) : IDueStep
{
    /// <summary>Raised after a copy: gates have a new position.</summary>
    public event Action? Copied;

    public string Name => "gate-basis";

    public TimeSpan Every => TimeSpan.FromSeconds(3);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var workspace = await settings.Get<Workspace>(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var names = await db.Set<Module>().AsNoTracking().Select(module => new { module.Key, module.NameEn, module.NameZh }).ToListAsync(cancel);
        var basis = new GateBasis(
            names.ToImmutableSortedDictionary(module => module.Key.Value, module => new Text(module.NameEn, module.NameZh.Length > 0 ? module.NameZh : module.NameEn), StringComparer.Ordinal),
            workspace.Vendor, workspace.SupportEmail, workspace.PublicUrl).Json();
        if (basis == await Stored(db, cancel))
            return;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"insert into gate_basis (id, json) values (1, {basis}) on conflict (id) do update set json = excluded.json", cancel);
        await GatePosition.Raise(db, null, [], restores: false, now, cancel);
        await transaction.CommitAsync(cancel);
        Copied?.Invoke();
    }

    public static async Task<string?> Stored(SunsetterDb db, CancellationToken cancel) =>
        await db.Database.SqlQuery<string>($"select json as \"Value\" from gate_basis where id = 1").SingleOrDefaultAsync(cancel);
}
