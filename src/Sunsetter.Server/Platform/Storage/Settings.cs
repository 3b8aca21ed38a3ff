using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>Documents that an administrator edits. One that was never saved reads as <see cref="ISettings.Unsaved"/>.</summary>
internal sealed class Settings(IDbContextFactory<SunsetterDb> databases, StartOptions start, TimeProvider clock)
{
    private const int Attempts = 5;

    public async Task<T> Get<T>(CancellationToken cancel) where T : class, ISettings, new()
    {
        var name = T.Name;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stored = await db.Settings.AsNoTracking().FirstOrDefaultAsync(setting => setting.Name == name, cancel);
        return Read<T>(stored);
    }

    /// <summary>Stores a document whatever was there before: for those that nobody edits by hand.</summary>
    public Task<Outcome<T>> Set<T>(T value, string by, CancellationToken cancel) where T : class, ISettings, new() => Change<T>(_ => value, by, cancel);

    /// <summary>
    /// Changes a document as it is at that moment; one who is overtaken is asked again, so the rule has no side effects. Where <paramref name="seen"/> is given
    /// (<see cref="Fingerprint"/> of what a form was filled from) nothing is changed that somebody else has changed since.
    /// </summary>
    public async Task<Outcome<T>> Change<T>(Func<T, Outcome<T>> rule, string by, CancellationToken cancel, string? seen = null) where T : class, ISettings, new()
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            // SQLite takes its write lock here; PostgreSQL says at the end who was overtaken.
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var changed = await Put(db, rule, by, cancel, seen);
            if (changed.Refusal is not null)
                return changed;
            try
            {
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return changed;
            }
            catch (DbUpdateException overtaken) when (SunsetterDb.Overtaken(overtaken))
            {
                if (attempt == Attempts)
                    return Refusal.Overtaken;
            }
        }
    }

    /// <summary>The same among the changes of a context, so that it is stored with the others or not at all. The caller saves.</summary>
    public async Task<Outcome<T>> Put<T>(SunsetterDb db, Func<T, Outcome<T>> rule, string by, CancellationToken cancel, string? seen = null) where T : class, ISettings, new()
    {
        var name = T.Name;
        var stored = await db.Settings.FirstOrDefaultAsync(setting => setting.Name == name, cancel);
        var before = Read<T>(stored);
        if (seen is not null && seen != Fingerprint.Of(before))
            return Refusal.Overtaken;
        var outcome = rule(before);
        if (outcome.Refusal is not null)
            return outcome;
        var (json, now) = (JsonSerializer.Serialize(outcome.Value, Json.Stored), clock.GetUtcNow());
        if (stored is null)
            db.Add(new Setting { Name = name, Json = json, ChangedAt = now, ChangedBy = by });
        else
            (stored.Json, stored.ChangedAt, stored.ChangedBy) = (json, now, by);
        return outcome;
    }

    private T Read<T>(Setting? stored) where T : class, ISettings, new() =>
        stored is null ? (T)new T().Unsaved(start) : JsonSerializer.Deserialize<T>(stored.Json, Json.Stored)!;

    /// <summary>Stores a document unless there is one, and answers with the one there is: who comes first decides.</summary>
    public async Task<T> First<T>(T value, string by, CancellationToken cancel) where T : class, ISettings, new()
    {
        var (name, json, now) = (T.Name, JsonSerializer.Serialize(value, Json.Stored), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await using (var db = await databases.CreateDbContextAsync(cancel))
            await db.Database.ExecuteSqlAsync($"insert into setting (name, json, changed_at, changed_by) values ({name}, {json}, {now}, {by}) on conflict (name) do nothing", cancel);
        return await Get<T>(cancel);
    }

    /// <summary>Keeps rules unless they are out of their bounds.</summary>
    /// <param name="rules">The rules wanted, made from those in force.</param>
    public async Task<Refusal?> Keep<T>(Func<T, T> rules, string by, CancellationToken cancel, string? seen = null) where T : class, IRules, new() =>
        (await Change<T>(before => rules(before) is var wanted && wanted.Problem() is { } problem ? problem : wanted, by, cancel, seen)).Refusal;
}

/// <summary>A document of settings and the name under which it is stored.</summary>
internal interface ISettings
{
    static abstract string Name { get; }

    /// <summary>What stands here until somebody saves something else, on a server that was started like this.</summary>
    ISettings Unsaved(StartOptions start) => this;
}

/// <summary>Settings that hold bounds for others and have bounds of their own; an administrator edits them on the rules page and over the API.</summary>
internal interface IRules : ISettings
{
    /// <summary>Why these may not be kept; null where they may.</summary>
    Refusal? Problem();
}

/// <summary>The vendor: what customers know it by, where it works, where its pages are.</summary>
internal sealed record Workspace : ISettings
{
    static string ISettings.Name => "workspace";

    public Text Vendor { get; init; } = new("Your company", "贵公司");

    /// <summary>IANA name of the zone in which closing times are meant.</summary>
    public string Zone { get; init; } = "Asia/Shanghai";

    /// <summary>Country of the vendor's own business calendar.</summary>
    public string Country { get; init; } = "CN";

    /// <summary>Where customers reach this server, without a slash at the end; links in mails begin with it.</summary>
    public string PublicUrl { get; init; } = "http://localhost:5180";

    public ISettings Unsaved(StartOptions start) => this with { PublicUrl = start.Address };

    /// <summary>Whom a customer without an account manager asks.</summary>
    public string SupportEmail { get; init; } = "support@localhost";
    public string SupportPhone { get; init; } = "";

    /// <summary>True in the demo: every page says that its data is invented.</summary>
    public bool Demo { get; init; }
}
