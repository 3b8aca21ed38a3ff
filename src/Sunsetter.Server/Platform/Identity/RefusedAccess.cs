using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Sunsetter.Server.Platform;

/// <summary>Tells a program why it may not, as problem details; people are redirected as usual.</summary>
internal sealed class RefusedAccess : IAuthorizationMiddlewareResultHandler
{
    private static readonly Refusal NotSignedIn = new(
        "unauthenticated", "Sign in, or send a valid token as “Authorization: Bearer …”.", "请登录，或通过“Authorization: Bearer …”发送有效令牌。", StatusCodes.Status401Unauthorized);

    private readonly AuthorizationMiddlewareResultHandler usual = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorized)
    {
        if (authorized.Succeeded || !(context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/edge")))
        {
            await usual.HandleAsync(next, context, policy, authorized);
            return;
        }
        var refusal = authorized.Challenged ? NotSignedIn : Actor.Of(context.User).Token is null ? Refusal.Forbidden(Needed(policy)) : Refusal.ForbiddenToToken(Needed(policy));
        await refusal.ToProblem().ExecuteAsync(context);
    }

    private static string Needed(AuthorizationPolicy policy) =>
        policy.Requirements.OfType<ClaimsAuthorizationRequirement>().SelectMany(requirement => requirement.AllowedValues ?? [])
            .Select(name => Enum.TryParse<Permission>(name, out var permission) ? permission.Scope() : name).FirstOrDefault() ?? "read";
}
