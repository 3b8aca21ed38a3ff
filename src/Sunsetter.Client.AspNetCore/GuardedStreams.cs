using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Streams to and from a hub method that ask the gate for each item, so that one under way at the closing ends there.</summary>
internal static class GuardedStreams
{
    private static readonly MethodInfo OfItems = typeof(GuardedStreams).GetMethod(nameof(Items), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The same invocation with its streamed arguments guarded.</summary>
    /// <param name="invocation">What the client calls.</param>
    /// <param name="look">Throws once the gate is closed.</param>
    public static HubInvocationContext In(HubInvocationContext invocation, Action look)
    {
        var parameters = invocation.HubMethod.GetParameters();
        var given = invocation.HubMethodArguments;
        if (!parameters.Any(parameter => ItemOf(parameter.ParameterType, out _) is not null)) return invocation;
        object?[] guarded = [.. given.Select((argument, at) => Guard(parameters[at].ParameterType, argument, look))];
        return new HubInvocationContext(invocation.Context, invocation.ServiceProvider, invocation.Hub, invocation.HubMethod, guarded);
    }

    /// <summary>What a hub method returns, guarded where it is a stream.</summary>
    /// <param name="declared">The method's return type.</param>
    /// <param name="result">What it returned, awaited.</param>
    /// <param name="look">Throws once the gate is closed.</param>
    public static object? Out(Type declared, object? result, Action look)
    {
        var isTask = declared.IsGenericType && (declared.GetGenericTypeDefinition() == typeof(Task<>) || declared.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return Guard(isTask ? declared.GetGenericArguments()[0] : declared, result, look);
    }

    private static object? Guard(Type declared, object? stream, Action look)
    {
        if (stream is null || ItemOf(declared, out var isChannel) is not { } item) return stream;
        return isChannel
            ? Activator.CreateInstance(typeof(GuardedReader<>).MakeGenericType(item), stream, look)
            : OfItems.MakeGenericMethod(item).Invoke(null, [stream, look, CancellationToken.None]);
    }

    /// <summary>What a stream is a stream of; null for anything else.</summary>
    private static Type? ItemOf(Type type, out bool isChannel)
    {
        isChannel = true;
        for (var one = type; one is not null; one = one.BaseType)
            if (one.IsGenericType && one.GetGenericTypeDefinition() == typeof(ChannelReader<>)) return one.GetGenericArguments()[0];
        isChannel = false;
        return type.GetInterfaces().Prepend(type).FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))?.GetGenericArguments()[0];
    }

    private static async IAsyncEnumerable<T> Items<T>(IAsyncEnumerable<T> items, Action look, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in items.WithCancellation(cancel))
        {
            look();
            yield return item;
        }
    }

    private sealed class GuardedReader<T>(ChannelReader<T> inner, Action look) : ChannelReader<T>
    {
        public override Task Completion => inner.Completion;

        public override bool TryRead(out T item)
        {
            if (!inner.TryRead(out item!)) return false;
            look();
            return true;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
    }
}
