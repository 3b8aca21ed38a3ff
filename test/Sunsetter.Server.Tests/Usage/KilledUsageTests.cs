using System.Globalization;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>The short form of <c>test/crash/usage.py</c>: a server of its own is killed under load, and what it acknowledged is read from storage without our code.</summary>
public sealed class KilledUsageTests(ITestOutputHelper output)
{
    private const int Kills = 4;

    [Theory, EachDatabase]
    public async Task A_server_killed_under_load_has_stored_every_acknowledged_event_exactly_once(Database database)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed.");
        Assert.SkipWhen(database == Database.Postgres && Environment.UserName != "root", "The script starts its PostgreSQL as another user, which needs root.");
        output.WriteLine(await ChildProcess.RunAsync(TestContext.Current.CancellationToken, [
            "/usr/bin/python3", Path.Combine(Repository.Root, "test", "crash", "usage.py"), "--kills", Kills.ToString(CultureInfo.InvariantCulture),
            "--port", Loopback.FreePort().ToString(CultureInfo.InvariantCulture), "--database-port", Loopback.FreePort().ToString(CultureInfo.InvariantCulture),
            .. database == Database.Postgres ? ["--postgres"] : Array.Empty<string>(),
        ]));
    }
}
