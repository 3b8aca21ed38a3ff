using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sunsetter.Server;
using Sunsetter.Server.Platform;

namespace Sunsetter.Harness;

/// <summary>Which database a test runs on. Use with <c>[Theory, EachDatabase]</c>.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory once on SQLite and once on PostgreSQL: the database is the test's first argument, <paramref name="rest"/> are the others. Once for each set of them.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachDatabaseAttribute(params object?[] rest) : Xunit.v3.DataAttribute
{
    /// <summary>A static <c>TheoryData</c> of the test's class that holds the sets of other arguments.</summary>
    public string? RowsOf { get; init; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
        [
            .. Sets(testMethod.DeclaringType!).SelectMany(set => (ITheoryDataRow[])
            [
                new TheoryDataRow([Database.Sqlite, .. set]),
                new TheoryDataRow([Database.Postgres, .. set]) { Skip = PostgresCluster.Missing },
            ]),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private IEnumerable<object?[]> Sets(Type tests) =>
        RowsOf is null ? [rest] : ((IEnumerable<ITheoryDataRow>)tests.GetProperty(RowsOf)!.GetValue(null)!).Select(row => row.GetData());
}

/// <summary>
/// The whole server on a real port and a real database, on a clock that moves only when told to. Due work runs only in <see cref="Tick"/>.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A database with its schema, made once: each test gets a copy, as it does on PostgreSQL.</summary>
    private static readonly Lazy<Task<string>> EmptySqlite = new(async () =>
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("sunsetter-empty-").FullName, "sunsetter.db");
        await using (var db = new SunsetterDb(new DbContextOptionsBuilder<SunsetterDb>().UseSqlite($"Data Source={file};Pooling=False").Options))
            await Schema.Upgrade(db, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return file;
    });

    private readonly string directory;

    private ServerUnderTest(WebApplication app, FakeTimeProvider clock, string directory) => (App, Clock, this.directory) = (app, clock, directory);

    public WebApplication App { get; }

    public FakeTimeProvider Clock { get; }

    public Uri Address => new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="adjust">Last word on the services.</param>
    /// <param name="rest">More configuration, such as <c>--Mail:Host=127.0.0.1</c>.</param>
    public static Task<ServerUnderTest> On(Database database, Action<IServiceCollection>? adjust = null, params string[] rest) =>
        StartAsync(database, Start, demo: false, adjust, rest);

    /// <summary>On another day than <see cref="Start"/>.</summary>
    public static Task<ServerUnderTest> OnDay(Database database, DateTimeOffset now, params string[] rest) => StartAsync(database, now, demo: false, null, rest);

    /// <summary>With the demo workspace loaded, as <c>./run.sh --demo</c> does.</summary>
    public static Task<ServerUnderTest> WithDemo(Database database, params string[] rest) => StartAsync(database, Start, demo: true, null, rest);

    private static async Task<ServerUnderTest> StartAsync(Database database, DateTimeOffset now, bool demo, Action<IServiceCollection>? adjust, string[] rest)
    {
        var cancel = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("sunsetter-").FullName;
        var clock = new FakeTimeProvider(now);
        var postgres = database == Database.Postgres ? await (await PostgresCluster.SharedAsync()).CreatePreparedAsync(WithSchema, cancel) : null;
        if (postgres is null)
            File.Copy(await EmptySqlite.Value, Path.Combine(directory, "sunsetter.db"));
        var options = new StartOptions(directory, "http://127.0.0.1:0", demo, ["--Logging:LogLevel:Default=Warning", .. rest]) { PostgresConnection = postgres, RunDueWork = false };
        var app = SunsetterServer.Build(options, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            // A browser lives in real time, the server on the test's clock: by neither may a session end on its own.
            services.PostConfigure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie =>
            {
                cookie.ExpireTimeSpan = TimeSpan.FromDays(3650);
                cookie.Events.OnSigningIn = context =>
                {
                    context.Properties.IsPersistent = false;
                    return Task.CompletedTask;
                };
            });
            adjust?.Invoke(services);
        });
        await SunsetterServer.Prepare(app, cancel);
        await app.StartAsync(cancel);
        return new ServerUnderTest(app, clock, directory);
    }

    private static async Task WithSchema(string postgres)
    {
        await using var db = new SunsetterDb(new DbContextOptionsBuilder<SunsetterDb>().UseNpgsql(postgres).Options);
        await Schema.Upgrade(db, CancellationToken.None);
    }

    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Runs everything that is due now, once.</summary>
    public Task Tick() => Get<Ticker>().RunAll(TestContext.Current.CancellationToken);

    /// <summary>Moves the clock, then runs what is due.</summary>
    public Task Tick(TimeSpan later)
    {
        Clock.Advance(later);
        return Tick();
    }

    /// <summary>A client that is nobody.</summary>
    public HttpClient Stranger() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        // On a busy machine a second is too short: a body that the server is about to refuse would be on its way already.
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    })
    { BaseAddress = Address };

    /// <summary>A client of a new or known person of these roles: at pages signed in by cookie, at the API with a token that has no end.</summary>
    public async Task<HttpClient> As(string email, params Role[] roles)
    {
        var cancel = TestContext.Current.CancellationToken;
        var people = Get<People>();
        if (await people.Find(email, cancel) is null)
            Assert.Null((await people.Add(email, email.Split('@')[0], roles, "en", cancel)).Refusal);
        var person = (await people.All(cancel)).Single(one => one.Person.Email == email);
        var secret = ApiToken.NewSecret(BearerTokens.Prefix);
        await using var db = await Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel);
        db.Add(new ApiToken
        {
            Id = Guid.CreateVersion7(), Name = "test", Hash = ApiToken.HashOf(secret), Person = email, MadeBy = email, CreatedAt = Clock.GetUtcNow(),
            Scopes = string.Join(' ', Permissions.Of(person.Roles).Select(scope => scope.Scope())),
        });
        await db.SaveChangesAsync(cancel);
        var client = WithToken(secret);
        client.DefaultRequestHeaders.Add("Cookie", await CookieOf(person.Person));
        return client;
    }

    // As the sign-in page would set it.
    private async Task<string> CookieOf(Person person)
    {
        var cookie = Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var ticket = new AuthenticationTicket(await Get<PersonClaims>().CreateAsync(person), IdentityConstants.ApplicationScheme);
        (ticket.Properties.IssuedUtc, ticket.Properties.ExpiresUtc) = (Clock.GetUtcNow(), Clock.GetUtcNow() + cookie.ExpireTimeSpan);
        return $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(ticket)}";
    }

    public HttpClient WithToken(string secret)
    {
        var client = Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
