using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.FeatureManagement.Mvc;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.Tests;

[RequiresModule("rooms-legacy")]
[Route("/mvc")]
public sealed class RoomsController : ControllerBase
{
    [HttpGet]
    public string Get() => "works";
}

[FeatureGate("rooms-legacy")]
[Route("/featured")]
public sealed class FeaturedController : ControllerBase
{
    [HttpGet]
    public string Get() => "works";
}

[FeatureGate("not-a-module")]
[Route("/own-feature")]
public sealed class OwnFeatureController : ControllerBase
{
    [HttpGet]
    public string Get() => "works";
}

public sealed class RoomsHub : Hub
{
    [RequiresModule("rooms-legacy")]
    public string Say() => "said";

    public string Free() => "free";
}

/// <summary>What the gRPC compiler would have made.</summary>
[BindServiceMethod(typeof(RoomsBase), nameof(Bind))]
public abstract class RoomsBase
{
    private static readonly Marshaller<string> Words = Marshallers.Create(System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);

    public static readonly Method<string, string> SayMethod = new(MethodType.Unary, "rooms", "Say", Words, Words);

    public static void Bind(ServiceBinderBase binder, RoomsBase? service) =>
        binder.AddMethod(SayMethod, service is null ? null! : new UnaryServerMethod<string, string>(service.Say));

    public virtual Task<string> Say(string request, ServerCallContext context) => throw new NotSupportedException();
}

[RequiresModule("rooms-legacy")]
public sealed class RoomsService : RoomsBase
{
    public override async Task<string> Say(string request, ServerCallContext context)
    {
        if (request == "headers") await context.WriteResponseHeadersAsync(new Metadata { { "own", "yes" } });
        return request;
    }
}
