using System.Globalization;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.Grpc;

/// <summary>
/// Makes gRPC services and methods marked with <see cref="RequiresModuleAttribute"/> obey. A refused call ends with
/// <see cref="StatusCode.FailedPrecondition"/>, also in the middle of a stream (a client must not retry it as it would <c>Unavailable</c>) and trailers named <c>sunsetter-…</c>.
/// </summary>
/// <param name="gatekeeper">Judges the calls.</param>
public sealed class ModuleInterceptor(Gatekeeper gatekeeper) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Judge(context);
        return await continuation(request, context);
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Judge(context);
        return await continuation(new GuardedReader<TRequest>(requestStream, () => Look(context)), context);
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Judge(context);
        await continuation(request, new GuardedWriter<TResponse>(responseStream, () => Look(context)), context);
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Judge(context);
        await continuation(new GuardedReader<TRequest>(requestStream, () => Look(context)), new GuardedWriter<TResponse>(responseStream, () => Look(context)), context);
    }

    private void Judge(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        foreach (var requirement in http.GetEndpoint()?.Metadata.GetOrderedMetadata<RequiresModuleAttribute>() ?? [])
        {
            var refusal = gatekeeper.Examine(http, requirement.Module);
            // Not sent yet: a method may write headers of its own, and may do so only once.
            Gatekeeper.Announce(http, refusal);
            if (!refusal.Decision.IsOpen) throw Refused(refusal);
        }
    }

    /// <summary>For each message of a stream: whether the gate that was open at its beginning still is.</summary>
    private void Look(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        foreach (var requirement in http.GetEndpoint()?.Metadata.GetOrderedMetadata<RequiresModuleAttribute>() ?? [])
            if (!gatekeeper.Ask(http, requirement.Module).IsOpen && gatekeeper.Examine(http, requirement.Module) is { Decision.IsOpen: false } refusal) throw Refused(refusal);
    }

    private static RpcException Refused(Examination refusal) =>
        new(new Status(StatusCode.FailedPrecondition, $"{refusal.Code} {refusal.Module}: {refusal.Message}"), Trailers(refusal));

    private static Metadata Trailers(Examination refusal)
    {
        var decision = refusal.Decision;
        var trailers = new Metadata { { "sunsetter-code", refusal.Code }, { "sunsetter-reason", decision.Reason } };
        Add(trailers, "sunsetter-module", refusal.Module);
        Add(trailers, "sunsetter-until", decision.Until?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        Add(trailers, "sunsetter-alternative", decision.Alternative?.Module);
        Add(trailers, "sunsetter-alternative-url", decision.Alternative?.Url);
        Add(trailers, "sunsetter-contact", decision.Contact?.Email ?? decision.Contact?.Url ?? decision.Contact?.Name);
        Add(trailers, "sunsetter-info", decision.Module?.Info);
        return trailers;
    }

    /// <summary>Trailers are printable ASCII; anything else travels as bytes under a name that ends in <c>-bin</c>.</summary>
    private static void Add(Metadata trailers, string name, string? value)
    {
        if (value is null) return;
        if (value.All(letter => letter is >= ' ' and <= '~')) trailers.Add(name, value);
        else trailers.Add(name + "-bin", Encoding.UTF8.GetBytes(value));
    }
}
