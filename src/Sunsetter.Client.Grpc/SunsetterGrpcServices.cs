using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.Grpc;

/// <summary>Sets up gRPC services.</summary>
public static class SunsetterGrpcServices
{
    /// <summary>Lets gRPC services and methods name the module they belong to with <see cref="RequiresModuleAttribute"/>. Needs <c>AddSunsetter</c>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">How callers are found; null: by their claims.</param>
    public static IServiceCollection AddSunsetterGrpc(this IServiceCollection services, Action<SunsetterHttpOptions>? configure = null)
    {
        services.AddSunsetterHttp(configure);
        services.AddSingleton(new AttributeReader(typeof(GrpcMethodMetadata)));
        services.AddGrpc(grpc => grpc.Interceptors.Add<ModuleInterceptor>());
        return services;
    }
}
