using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console;

/// <summary>Layout and shared components for people inside; the pages of stages live with their stages.</summary>
internal static class ConsoleRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<FirstAdministrator>();
        services.AddScoped<Viewer>();
        services.AddSingleton<NavigationCounts>();
        services.AddSingleton<Overview>();
        services.AddSingleton<WhatNeedsMe>();
        services.AddSingleton<SupportSearch>();
    }

    public static void MapConsole(this WebApplication app) => app.MapRazorComponents<App>();
}
