using System.Text.Encodings.Web;
using System.Text.Unicode;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console;

/// <summary>Layout and shared components for people inside; the pages of stages live with their stages.</summary>
internal static class ConsoleRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddRazorComponents();
        // Chinese text goes out as it is, not as numbers: a third of the size, and readable in the source.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddCascadingAuthenticationState();
        services.AddSingleton<FirstAdministrator>();
        services.AddScoped<Viewer>();
        services.AddScoped<KnownNames>();
        services.AddSingleton<NavigationCounts>();
        services.AddSingleton<Overview>();
        services.AddSingleton<KeptNeeds>();
        services.AddHostedService(provider => provider.GetRequiredService<KeptNeeds>());
        services.AddSingleton<WhatNeedsMe>();
        services.AddSingleton<ReachThisMonth>();
        services.AddSingleton<SupportSearch>();
    }

    public static void MapConsole(this WebApplication app) => app.MapRazorComponents<App>().Add(AnswerHead);

    // A page answers GET and POST only; link checkers and monitors ask with HEAD first (RFC 9110, 9.3.2), and got a 405. The method stays HEAD, so that
    // nothing takes the question for a reading.
    private static void AnswerHead(EndpointBuilder page)
    {
        for (var at = 0; at < page.Metadata.Count; at++)
            if (page.Metadata[at] is HttpMethodMetadata { HttpMethods: var methods } && methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
                page.Metadata[at] = new HttpMethodMetadata([.. methods, HttpMethods.Head]);
    }
}
