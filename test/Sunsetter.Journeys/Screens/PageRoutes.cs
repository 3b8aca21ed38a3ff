using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Sunsetter.Journeys.Screens;

/// <summary>The routes of all pages the server has, and which of them an address belongs to.</summary>
internal sealed class PageRoutes(EndpointDataSource endpoints)
{
    private readonly IReadOnlyList<(string Pattern, TemplateMatcher Matcher)> routes =
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
           orderby endpoint.RoutePattern.InboundPrecedence
           select (endpoint.RoutePattern.RawText!, new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), [])),
    ];

    public IReadOnlySet<string> Patterns => routes.Select(route => route.Pattern).ToHashSet();

    /// <summary>The kinds of page that only people who signed in may open.</summary>
    public IReadOnlySet<string> Inside { get; } = endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .Select(endpoint => endpoint.RoutePattern.RawText!).ToHashSet();

    /// <summary>The pattern of the page that answers <paramref name="path"/>, or null when no page does: feeds and files are none.</summary>
    public string? PatternOf(string path) => Path.HasExtension(path)
        ? null
        : routes.FirstOrDefault(route => route.Matcher.TryMatch(path, [])).Pattern;
}
