using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Migrate;

/// <summary>Keeps the secret of a web call, encrypted, apart from the facts.</summary>
internal sealed class ToolSecrets(IDbContextFactory<SunsetterDb> databases, IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Sunsetter.MigrationTool", "v1");

    public async Task Keep(Guid tool, string secret, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new ToolSecretRow { Tool = tool, Protected = protector.Protect(secret) });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Null where the tool has none, or where the keys that could read it are gone.</summary>
    public async Task<string?> Find(Guid tool, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var kept = await db.Set<ToolSecretRow>().AsNoTracking().FirstOrDefaultAsync(secret => secret.Tool == tool, cancel);
        try
        {
            return kept is null ? null : protector.Unprotect(kept.Protected);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public async Task Forget(Guid tool, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<ToolSecretRow>().Where(secret => secret.Tool == tool).ExecuteDeleteAsync(cancel);
    }
}
