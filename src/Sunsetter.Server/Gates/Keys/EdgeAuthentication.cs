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
        // Whoever has the page has its key: it opens what is bound to one customer and user, nothing else.
        if (outcome.Refusal is null && outcome.Value.IsBrowser && !Request.Path.StartsWithSegments("/edge") && !Request.Path.StartsWithSegments("/ofrep"))
            outcome = new Refusal("edge.browser-key", "A browser key is for /edge and /ofrep. Use a server key or a person's token.", "浏览器密钥仅用于 /edge 与 /ofrep，请使用服务端密钥或个人令牌。", StatusCodes.Status403Forbidden);
        Context.Features.Set(new EdgeSignIn(outcome));
        return Task.FromResult(outcome.Refused(out var refusal)
            ? AuthenticateResult.Fail(refusal.Code)
            : AuthenticateResult.Success(new AuthenticationTicket(outcome.Value.Principal(), Access.EdgeScheme)));
    }
}

/// <summary>What the key of this request led to.</summary>
internal sealed record EdgeSignIn(Outcome<EdgeCaller> Outcome);
