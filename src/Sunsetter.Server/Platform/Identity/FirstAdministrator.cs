using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>While nobody can sign in, each start prints a one-time link for the first administrator.</summary>
internal sealed class FirstAdministrator(People people, IDbContextFactory<SunsetterDb> databases, StartOptions start)
{
    public const string Email = "admin@localhost";

    public async Task Invite(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var someoneHasBeenHere = await db.SignInLinks.AnyAsync(link => link.UsedAt != null, cancel)
            || await db.Users.AnyAsync(person => person.PasswordHash != null, cancel);
        if (someoneHasBeenHere && !start.Demo)
            return;
        var administrator = await people.Find(Email, cancel);
        if (administrator is null)
        {
            var added = await people.Add(Email, "Administrator", [Role.Administrator], "en", cancel);
            administrator = added.Value;
        }
        var path = await people.NewSignInPath(administrator.Id, cancel);
        System.Console.WriteLine();
        System.Console.WriteLine("  Sign in as the first administrator (one use, valid 24 hours):");
        System.Console.WriteLine("  首位管理员登录链接（仅可使用一次，24 小时内有效）：");
        System.Console.WriteLine();
        System.Console.WriteLine($"  {start.Address}{path}");
        System.Console.WriteLine();
    }
}
