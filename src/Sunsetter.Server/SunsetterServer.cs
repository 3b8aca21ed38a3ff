using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server;

/// <summary>Puts the house together: the platform first, then every room.</summary>
internal static class SunsetterServer
{
    public static async Task<int> Run(string[] args)
    {
        StartOptions? start = null;
        WebApplication app;
        try
        {
            start = StartOptions.Read(args);
            app = Build(start);
            await Prepare(app, CancellationToken.None);
            await app.StartAsync();
        }
        catch (Exception failure) when (CannotStart.Behind(failure, start) is { } refusal)
        {
            await System.Console.Error.WriteLineAsync($"{refusal.Sentence.En}\n{refusal.Sentence.Zh}\n({refusal.Code})");
            return 1;
        }
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <param name="adjust">Lets a test change what it must, such as the clock.</param>
    public static WebApplication Build(StartOptions start, Action<IServiceCollection>? adjust = null)
    {
        Directory.CreateDirectory(start.DataDirectory);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = start.Rest, ApplicationName = typeof(SunsetterServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", start.RunDueWork ? LogLevel.Information : LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // What keeps it from starting is told by who starts it, once.
        WebApplication? app = null;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && app?.Lifetime.ApplicationStarted.IsCancellationRequested == true);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(start.Urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var services = builder.Services;
        services.AddSingleton(start);
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(new StorageOptions(start.DataDirectory, start.PostgresConnection ?? (builder.Configuration["SUNSETTER_DATABASE"] is { Length: > 0 } postgres ? postgres : null)));
        services.AddAccess(builder.Configuration);
        services.AddSingleton<Settings>();
        services.AddSingleton<OnlyNode>();
        services.AddSingleton<Leases>();
        services.AddSingleton<Ticker>();
        if (start.RunDueWork)
            services.AddHostedService(provider => provider.GetRequiredService<Ticker>());
        services.AddSingleton<Changes>();
        services.AddSingleton<KeptEntries>();
        services.AddSingleton<ReadableRetirements>();
        services.AddSingleton<HeldNotices>();
        services.AddSingleton<FactLog>();
        services.AddSingleton<IDueStep, ForgetRequests>();
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions).TypeInfoResolver = json.SerializerOptions.TypeInfoResolver?.WithAddedModifier(NeededDays.Demand));
        services.AddProblemDetails();
        UnreadableRequests.Add(services);
        services.AddOpenApi("v1");
        Rooms.Add(services, builder.Configuration);
        adjust?.Invoke(services);

        app = builder.Build();
        app.UseTrustedProxies();
        Gates.EdgeCors.Use(app);
        Gates.StreamDoor.Use(app);
        PageGuard.Use(app);
        app.UseLanguages();
        UnreadableRequests.Use(app);
        app.UseWorkZone();
        app.UseAuthentication();
        Gates.EdgeDoor.Use(app);
        app.UseAuthorization();
        app.UseAntiforgery();
        RepeatedRequests.Use(app, app.Services.GetRequiredService<FactLog>().HasDone);
        app.MapStaticAssets();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealth();
        app.MapSignIn();
        Rooms.Map(app);
        app.MapConsole();
        return app;
    }

    /// <summary>Brings storage up to date and makes the first administrator's link. Before the first request.</summary>
    public static async Task Prepare(WebApplication app, CancellationToken cancel)
    {
        var services = app.Services;
        services.GetRequiredService<OnlyNode>().Claim();
        await using (var db = await services.GetRequiredService<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel))
        {
            await Schema.Upgrade(db, cancel);
            await Refold.WhereFoldingChanged(db, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
        }
        foreach (var preparation in services.GetServices<IPreparation>())
            await preparation.Prepare(cancel);
        await services.GetRequiredService<FirstAdministrator>().Invite(cancel);
    }
}

/// <summary>Something a room does once at start, after storage is ready and before the first request.</summary>
internal interface IPreparation
{
    Task Prepare(CancellationToken cancel);
}
