using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.SignalR;

namespace Sunsetter.Client.AspNetCore;

/// <summary>
/// Makes hubs and hub methods marked with <see cref="RequiresModuleAttribute"/> obey. A refused call fails with a
/// <see cref="HubException"/> whose message begins with <c>module.brownout</c> or <c>module.closed</c>, the module's key and a sentence.
/// </summary>
internal sealed class ModuleHubFilter(Gatekeeper gatekeeper) : IHubFilter
{
    private readonly ConcurrentDictionary<MethodInfo, string[]> _modules = new();

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var http = invocationContext.Context.GetHttpContext();
        foreach (var module in _modules.GetOrAdd(invocationContext.HubMethod, ModulesOf))
        {
            var seen = gatekeeper.Examine(http, module);
            if (!seen.Decision.IsOpen) throw new HubException($"{seen.Code} {module}: {seen.Message}");
        }
        return next(invocationContext);
    }

    private static string[] ModulesOf(MethodInfo method)
    {
        var onMethod = method.GetCustomAttributes<RequiresModuleAttribute>(inherit: true);
        var onHub = method.ReflectedType?.GetCustomAttributes<RequiresModuleAttribute>(inherit: true) ?? [];
        return [.. onHub.Concat(onMethod).Select(attribute => attribute.Module).Distinct(StringComparer.Ordinal)];
    }
}
