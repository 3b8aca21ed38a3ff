using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>What a stranger does wrong on the first day is answered by a sentence, not by a stack of calls.</summary>
public sealed class CannotStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Somewhere => Directory.CreateTempSubdirectory("sunsetter-start-").FullName;

    [Theory]
    [InlineData("nonsense", "start.database-address"), InlineData("Host=127.0.0.1;Port=1;Username=a;Password=secret;Timeout=2", "start.database-unreachable")]
    public async Task A_database_that_is_none_is_named_without_its_password(string database, string code)
    {
        var refusal = await Refused(new StartOptions(Somewhere, "http://127.0.0.1:0", Demo: false, []) { PostgresConnection = database, RunDueWork = false });

        Assert.Equal(code, refusal?.Code);
        Assert.Contains("SUNSETTER_DATABASE", refusal!.Sentence.Zh, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Sentence.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refusal = await Refused(new StartOptions(Somewhere, $"http://{other.LocalEndpoint}", Demo: false, ["--Logging:LogLevel:Default=None"]) { RunDueWork = false });

        Assert.Equal("start.port-in-use", refusal?.Code);
    }

    [Fact]
    public async Task Data_in_what_is_no_directory_are_refused()
    {
        var file = Path.Combine(Somewhere, "file");
        await File.WriteAllTextAsync(file, "", Cancel);

        Assert.Equal("start.data-directory", (await Refused(new StartOptions(file, "http://127.0.0.1:0", Demo: false, []) { RunDueWork = false }))?.Code);
    }

    [Fact]
    public async Task The_program_says_it_in_both_languages_and_ends()
    {
        using var server = Process.Start(new ProcessStartInfo("dotnet", [typeof(SunsetterServer).Assembly.Location, "--port", "many"]) { RedirectStandardError = true })!;
        var said = await server.StandardError.ReadToEndAsync(Cancel);
        await server.WaitForExitAsync(Cancel);

        Assert.Equal(1, server.ExitCode);
        Assert.Equal(["--port takes a number from 0 to 65535, not “many”.", "--port 需要 0 到 65535 之间的数字，而不是“many”。", "(start.port)"], said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_fault_of_ours_is_seen_whole() => Assert.Null(CannotStart.Behind(new InvalidOperationException("?"), null));

    [Theory]
    [InlineData("", "off"), InlineData("-c jit=on", "on")]
    public async Task PostgreSQL_reads_for_one_customer_without_compiling(string options, string jit)
    {
        if (PostgresCluster.Missing is { } missing)
            Assert.Skip(missing);
        var connection = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(Cancel);
        var asked = new Npgsql.NpgsqlConnectionStringBuilder(connection) { Options = options }.ConnectionString;
        await using var app = SunsetterServer.Build(new StartOptions(Somewhere, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning"]) { PostgresConnection = asked, RunDueWork = false });
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);

        Assert.Equal(jit, await db.Database.SqlQuery<string>($"select current_setting('jit') as \"Value\"").SingleAsync(Cancel));
    }

    private static async Task<Refusal?> Refused(StartOptions start)
    {
        WebApplication? app = null;
        try
        {
            app = SunsetterServer.Build(start);
            await SunsetterServer.Prepare(app, Cancel);
            await app.StartAsync(Cancel);
            return null;
        }
        catch (Exception failure)
        {
            return CannotStart.Behind(failure, start);
        }
        finally
        {
            if (app is not null)
                await app.DisposeAsync();
        }
    }
}
