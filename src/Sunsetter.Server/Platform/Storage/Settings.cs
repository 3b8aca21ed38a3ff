using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>Documents that an administrator edits. One that was never saved reads as its type's default.</summary>
internal sealed class Settings(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    public async Task<T> Get<T>(CancellationToken cancel) where T : class, ISettings, new()
    {
        var name = T.Name;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stored = await db.Settings.AsNoTracking().FirstOrDefaultAsync(setting => setting.Name == name, cancel);
        return stored is null ? new T() : JsonSerializer.Deserialize<T>(stored.Json, Json.Stored)!;
    }

    public async Task Set<T>(T value, string by, CancellationToken cancel) where T : class, ISettings, new()
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await Put(db, value, by, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Puts a document among the changes of a context, so that it is stored with the others or not at all. The caller saves.</summary>
    public async Task Put<T>(SunsetterDb db, T value, string by, CancellationToken cancel) where T : class, ISettings, new()
    {
        var name = T.Name;
        var json = JsonSerializer.Serialize(value, Json.Stored);
        var now = clock.GetUtcNow();
        var stored = await db.Settings.FirstOrDefaultAsync(setting => setting.Name == name, cancel);
        if (stored is null)
            db.Add(new Setting { Name = name, Json = json, ChangedAt = now, ChangedBy = by });
        else
            (stored.Json, stored.ChangedAt, stored.ChangedBy) = (json, now, by);
    }

    /// <summary>Keeps rules unless they are out of their bounds.</summary>
    public async Task<Refusal?> Keep<T>(T rules, string by, CancellationToken cancel) where T : class, IRules, new()
    {
        if (rules.Problem() is { } problem)
            return problem;
        await Set(rules, by, cancel);
        return null;
    }
}

/// <summary>A document of settings and the name under which it is stored.</summary>
internal interface ISettings
{
    static abstract string Name { get; }
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

    /// <summary>Whom a customer without an account manager asks.</summary>
    public string SupportEmail { get; init; } = "support@localhost";
    public string SupportPhone { get; init; } = "";

    /// <summary>True in the demo: every page says that its data is invented.</summary>
    public bool Demo { get; init; }
}
