using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>A key as it is handed out, once.</summary>
internal sealed record NewEdgeKey(string Kid, string Key);

/// <summary>
/// The keys of applications, all of them in memory: a request costs no query. Every node reads them again when their position moves, which it looks at
/// twice a second at least, so that a revoked key is dead within a second everywhere.
/// </summary>
internal sealed class EdgeKeys(IDbContextFactory<SunsetterDb> databases, IDataProtectionProvider protection, TimeProvider clock)
{
    private sealed record Known(EdgeKeyRow Row, Lazy<string?> Key)
    {
        /// <summary>One for all: a node may hold ten thousand streams of one key.</summary>
        public EdgeCaller Caller { get; } = new(Row.Kid, Row.Name, Row.Kind, Row.Scopes.Split(' '), null, null);
    }

    private readonly IDataProtector protector = protection.CreateProtector("edge-key");
    private FrozenDictionary<string, Known> byKid = FrozenDictionary<string, Known>.Empty;

    /// <summary>Raised after each reading: somebody may have lost a key.</summary>
    public event Action? Read;

    public async Task ReadAll(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<EdgeKeyRow>().AsNoTracking().ToListAsync(cancel);
        byKid = rows.ToFrozenDictionary(row => row.Kid, row => new Known(row, new Lazy<string?>(() => Unhide(row.ProtectedKey))));
        Read?.Invoke();
    }

    /// <summary>Whether a stream of this caller may go on: its key, and for a browser the key that signed its context and the context itself.</summary>
    public bool MayGoOn(EdgeCaller caller) =>
        IsUsable(caller.Kid) && (caller.Signer is null || IsUsable(caller.Signer)) && !(caller.ContextEnds <= clock.GetUtcNow());

    public bool IsUsable(string kid) => byKid.TryGetValue(kid, out var known) && known.Row.UsableAt(clock.GetUtcNow());

    /// <summary>Who holds this key, or why not.</summary>
    public Outcome<EdgeCaller> Caller(string key, string? context)
    {
        var parts = key.Split('_');
        if (parts.Length != 4 || !byKid.TryGetValue(parts[2], out var known) || !CryptographicOperations.FixedTimeEquals(known.Row.Hash, ApiToken.HashOf(key)))
            return EdgeRefusals.KeyUnknown;
        if (!known.Row.UsableAt(clock.GetUtcNow()))
            return EdgeRefusals.KeyRevoked;
        var caller = known.Caller;
        if (!caller.IsBrowser)
            return caller;
        if (string.IsNullOrEmpty(context))
            return EdgeRefusals.ContextMissing;
        var token = Context(context);
        return token.Refused(out var refusal) ? refusal : caller with
        {
            Customer = token.Value.Customer,
            User = token.Value.User,
            ContextEnds = DateTimeOffset.FromUnixTimeSeconds(token.Value.Exp),
            Signer = token.Value.Kid,
        };
    }

    public async Task<NewEdgeKey> Make(EdgeKeyKind kind, string name, IReadOnlyList<string> scopes, string by, CancellationToken cancel)
    {
        var kid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        var key = ApiToken.NewSecret($"{(kind == EdgeKeyKind.Server ? Access.ServerKeyPrefix : Access.BrowserKeyPrefix)}{kid}_");
        // Before the transaction: the first protection, or a rotation, writes a key of its own on another connection, and SQLite has one writer.
        var hidden = protector.Protect(key);
        await Change(db => db.Add(new EdgeKeyRow
        {
            Kid = kid, Kind = kind, Name = name, Hash = ApiToken.HashOf(key), ProtectedKey = hidden, Scopes = string.Join(' ', scopes),
            CreatedAt = clock.GetUtcNow(), CreatedBy = by,
        }), cancel);
        return new NewEdgeKey(kid, key);
    }

    /// <summary>A successor with the same name and scopes; the old key works for the overlap, so that applications can be changed over.</summary>
    public async Task<Outcome<NewEdgeKey>> Rotate(string kid, TimeSpan overlap, string by, CancellationToken cancel)
    {
        if (!byKid.TryGetValue(kid, out var known) || !known.Row.UsableAt(clock.GetUtcNow()))
            return Refusal.NotFound("key in force", "有效密钥", kid);
        var made = await Make(known.Row.Kind, known.Row.Name, known.Row.Scopes.Split(' '), by, cancel);
        var end = clock.GetUtcNow() + overlap;
        await Change(db =>
        {
            // Rotated twice it ends when it was first said to.
            var old = db.Set<EdgeKeyRow>().Single(row => row.Kid == kid);
            old.ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end;
        }, cancel);
        return made;
    }

    public async Task<Refusal?> Revoke(string kid, CancellationToken cancel)
    {
        if (!byKid.ContainsKey(kid))
            return Refusal.NotFound("key", "密钥", kid);
        var now = clock.GetUtcNow();
        await Change(db => db.Set<EdgeKeyRow>().Single(row => row.Kid == kid).RevokedAt ??= now, cancel);
        return null;
    }

    public async Task<IReadOnlyList<EdgeKeyRow>> All(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<EdgeKeyRow>().AsNoTracking().OrderBy(row => row.CreatedAt).ToListAsync(cancel);
    }

    /// <summary>Null where the ring that hid it is lost: the key itself still opens, for its hash is known, but contexts signed with it do not hold.</summary>
    private string? Unhide(string hidden)
    {
        try
        {
            return protector.Unprotect(hidden);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Outcome<ContextToken> Context(string context)
    {
        if (ContextToken.Read(context) is not { } token || !byKid.TryGetValue(token.Kid, out var signer)
            || signer.Row.Kind != EdgeKeyKind.Server || !signer.Row.UsableAt(clock.GetUtcNow()) || signer.Key.Value is not { } key || !ContextToken.IsSignedWith(context, key))
            return EdgeRefusals.ContextInvalid;
        return token.HoldsAt(clock.GetUtcNow()) ? token : EdgeRefusals.ContextExpired;
    }

    private async Task Change(Action<SunsetterDb> change, CancellationToken cancel)
    {
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            change(db);
            await db.SaveChangesAsync(cancel);
            await GatePosition.RaiseKeys(db, cancel);
            await transaction.CommitAsync(cancel);
        }
        await ReadAll(cancel);
    }
}
