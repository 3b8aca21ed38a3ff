using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Sunsetter.Client.AspNetCore;

/// <summary>How requests are judged.</summary>
public sealed class SunsetterHttpOptions
{
    /// <summary>
    /// Tells on whose behalf a request is made. Default: the claims <c>customer</c> (or <c>tenant</c>, or <c>tid</c>) and <c>sub</c>
    /// (or the name identifier) of the signed-in principal. Must not throw.
    /// </summary>
    public Func<HttpContext, Caller> Caller { get; set; } = FromClaims;

    private static Caller FromClaims(HttpContext context)
    {
        var principal = context.User;
        var customer = principal.FindFirstValue("customer") ?? principal.FindFirstValue("tenant") ?? principal.FindFirstValue("tid");
        var user = principal.FindFirstValue("sub") ?? principal.FindFirstValue(ClaimTypes.NameIdentifier);
        return new Caller(customer, user);
    }
}
