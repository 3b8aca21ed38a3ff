using Microsoft.AspNetCore.Identity;

namespace Sunsetter.Server.Platform;

/// <summary>Somebody who works at the vendor and signs in to the console. Their e-mail address is who they are in every fact.</summary>
internal sealed class Person : IdentityUser<Guid>
{
    public string Name { get; set; } = "";
    public string Locale { get; set; } = "en";

    /// <summary>Set when the person has left: they can no longer sign in.</summary>
    public DateTimeOffset? LeftAt { get; set; }
}
