using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Makes minimal APIs obey a gate.</summary>
public static class ModuleEndpoints
{
    /// <summary>
    /// Says that an endpoint or a group of endpoints belongs to a module. Before the closing its answers carry <c>Deprecation</c>,
    /// <c>Sunset</c> and <c>Link</c>; in a brownout and after the closing callers get <c>410 Gone</c>.
    /// </summary>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="module">The module's key.</param>
    public static TBuilder RequireModule<TBuilder>(this TBuilder builder, string module)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(module);
        return builder.WithMetadata(new AskedModule(module)).AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var decision = context.RequestServices.GetRequiredService<Gatekeeper>().Judge(context, module);
            return decision.IsOpen ? await next(invocation) : GoneProblem.Answer(context, decision, module);
        });
    }
}
