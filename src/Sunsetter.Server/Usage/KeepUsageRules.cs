using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Keeps the rules of usage. That users are hashed is decided once: a hash cannot be undone, and another key would make everybody somebody else.</summary>
internal sealed class KeepUsageRules(IDbContextFactory<SunsetterDb> databases, Settings settings)
{
    /// <param name="wanted">The new rules. Where they leave out <see cref="UsageSettings.HashUsers"/>, it stays.</param>
    /// <param name="seen">Fingerprint of the rules that were looked at; null: whatever they are.</param>
    public async Task<Outcome<UsageSettings>> Keep(UsageSettings wanted, string by, CancellationToken cancel, string? seen = null)
    {
        if (wanted.Problem() is { } problem)
            return problem;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // One after the other: two who switch at the same moment must not make two keys.
        await db.Database.ExecuteSqlAsync($"insert into usage_lock (name) values ('rules') on conflict (name) do update set name = excluded.name", cancel);
        var outcome = await settings.Put<UsageSettings>(db, stored => Hashing(wanted, stored) is var decided && decided.Refused(out var refusal) ? refusal : Kept(wanted, stored, decided.Value), by, cancel, seen);
        if (outcome.Refusal is not null)
            return outcome;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return outcome;
    }

    private static UsageSettings Kept(UsageSettings wanted, UsageSettings stored, bool hashing) =>
        wanted with { HashUsers = hashing ? true : null, HashKey = !hashing || stored.HashKey.Length > 0 ? stored.HashKey : Convert.ToBase64String(RandomNumberGenerator.GetBytes(UserNaming.KeyLength)) };

    private static Outcome<bool> Hashing(UsageSettings wanted, UsageSettings stored)
    {
        if (wanted.HashKey.Length > 0 && wanted.HashKey != stored.HashKey)
            return new Refusal("usage-rules.hash-key", "The key of the hashes is made by the server and never changes: another would make every user somebody else. Leave it out.", "哈希密钥由服务器生成且不可更改：更换后每个用户都会变成另一个人。请勿填写。") { Field = "hashKey" };
        if (stored.HashUsers == true && wanted.HashUsers == false)
            return new Refusal("usage-rules.hashed", "Users are kept as hashes, and a hash cannot be undone. Leave it switched on.", "用户已以哈希保存，哈希无法还原。请保持开启。") { Field = "hashUsers" };
        return stored.HashUsers == true || wanted.HashUsers == true;
    }
}
