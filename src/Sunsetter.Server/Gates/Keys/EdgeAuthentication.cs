using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Signs in applications by their keys, for the endpoints of every room.</summary>
internal sealed class EdgeAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, EdgeKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string ContextHeader = "X-Sunsetter-Context";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var outcome = keys.Caller(Access.EdgeKeyOf(Request)!, Request.Headers[ContextHeader]);
        Context.Features.Set(new EdgeSignIn(outcome));
        return Task.FromResult(outcome.Refused(out var refusal)
            ? AuthenticateResult.Fail(refusal.Code)
            : AuthenticateResult.Success(new AuthenticationTicket(outcome.Value.Principal(), Access.EdgeScheme)));
    }
}

/// <summary>What the key of this request led to.</summary>
internal sealed record EdgeSignIn(Outcome<EdgeCaller> Outcome);
