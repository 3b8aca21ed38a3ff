using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Sunsetter.Client.AspNetCore;

/// <summary>
/// Says that a controller, action, page, hub, hub method or gRPC service belongs to a module. Before the closing its answers carry
/// <c>Deprecation</c>, <c>Sunset</c> and <c>Link</c>; in a brownout and after the closing callers get <c>410 Gone</c>.
/// Minimal APIs: <see cref="ModuleEndpoints.RequireModule{TBuilder}"/>.
/// </summary>
/// <param name="module">The module's key.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequiresModuleAttribute(string module) : Attribute, IAsyncResourceFilter
{
    /// <summary>The module's key.</summary>
    public string Module { get; } = module;

    /// <inheritdoc/>
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        var gatekeeper = http.RequestServices.GetRequiredService<Gatekeeper>();
        var decision = gatekeeper.Judge(http, Module);
        if (decision.IsOpen) await next();
        else context.Result = Gatekeeper.Refuse(http, Module, decision);
    }
}
