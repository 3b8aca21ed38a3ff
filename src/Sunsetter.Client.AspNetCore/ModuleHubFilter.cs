using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace Sunsetter.Client.AspNetCore;

/// <summary>
/// Makes hubs and hub methods marked with <see cref="RequiresModuleAttribute"/> obey. A refused call, a refused connection and a stream under way at the closing
/// end with a <see cref="HubException"/> whose message begins with <c>module.brownout</c> or <c>module.closed</c>, the module's key and a sentence. A connection that is open at the closing hears
/// <see cref="HubConnections.LastWord"/> and ends.
/// </summary>
internal sealed class ModuleHubFilter(Gatekeeper gatekeeper, HubConnections connections) : IHubFilter
{
    private readonly ConcurrentDictionary<MethodInfo, string[]> _ofMethods = new();
    private readonly ConcurrentDictionary<Type, string[]> _ofHubs = new();

    /// <summary>Being connected to a hub is using it: it may do nothing but push.</summary>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var modules = _ofHubs.GetOrAdd(context.Hub.GetType(), hub => Names(hub.GetCustomAttributes<RequiresModuleAttribute>(inherit: true)));
        if (modules.Length > 0)
        {
            var http = context.Context.GetHttpContext();
            foreach (var module in modules) Judge(http, module);
            connections.Add(context.Context, context.Hub.Clients.Caller, gatekeeper.CallerOf(http), http is null ? Words.English : Words.LanguageOf(http.Request), modules);
        }
        try
        {
            await next(context);
        }
        catch
        {
            // It never became a connection, and will not be told of its end.
            connections.Remove(context.Context.ConnectionId);
            throw;
        }
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        connections.Remove(context.Context.ConnectionId);
        return next(context, exception);
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var modules = _ofMethods.GetOrAdd(invocationContext.HubMethod, ModulesOf);
        if (modules.Length == 0) return await next(invocationContext);

        var http = invocationContext.Context.GetHttpContext();
        foreach (var module in modules) Judge(http, module);
        void Look()
        {
            foreach (var module in modules) if (!gatekeeper.Ask(http, module).IsOpen) Judge(http, module);
        }
        var result = await next(GuardedStreams.In(invocationContext, Look));
        return GuardedStreams.Out(invocationContext.HubMethod.ReturnType, result, Look);
    }

    private void Judge(HttpContext? http, string module)
    {
        var seen = gatekeeper.Examine(http, module);
        if (!seen.Decision.IsOpen) throw new HubException($"{seen.Code} {module}: {seen.Message}");
    }

    private static string[] ModulesOf(MethodInfo method) =>
        Names((method.ReflectedType?.GetCustomAttributes<RequiresModuleAttribute>(inherit: true) ?? []).Concat(method.GetCustomAttributes<RequiresModuleAttribute>(inherit: true)));

    private static string[] Names(IEnumerable<RequiresModuleAttribute> attributes) =>
        [.. attributes.Select(attribute => attribute.Module).Distinct(StringComparer.Ordinal)];
}
