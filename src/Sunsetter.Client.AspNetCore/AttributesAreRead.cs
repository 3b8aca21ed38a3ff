using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Metadata of endpoints whose <see cref="RequiresModuleAttribute"/> somebody reads.</summary>
internal sealed record AttributeReader(Type Metadata);

/// <summary>The module that an endpoint asks for by <see cref="ModuleEndpoints.RequireModule{TBuilder}"/>.</summary>
internal sealed record AskedModule(string Module);

/// <summary>Refuses to start with an endpoint whose attribute nobody reads: it would look closed and stay open.</summary>
internal sealed class AttributesAreRead(IEnumerable<AttributeReader> readers) : IStartupFilter
{
    private readonly HashSet<Type> _read = [typeof(ActionDescriptor), typeof(HubMetadata), .. readers.Select(reader => reader.Metadata)];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        foreach (var endpoint in app.ApplicationServices.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            if (endpoint.Metadata.Any(about => _read.Any(type => type.IsInstanceOfType(about)))) continue;
            var asked = endpoint.Metadata.OfType<AskedModule>().Select(about => about.Module).ToHashSet(StringComparer.Ordinal);
            if (endpoint.Metadata.OfType<RequiresModuleAttribute>().FirstOrDefault(required => !asked.Contains(required.Module)) is { } unread)
                throw new InvalidOperationException(
                    $"{endpoint.DisplayName} carries [RequiresModule(\"{unread.Module}\")], which nothing reads there, so it would stay open. Add .RequireModule(\"{unread.Module}\") to a minimal API; call AddSunsetterGrpc for a gRPC service.");
        }
    };
}
