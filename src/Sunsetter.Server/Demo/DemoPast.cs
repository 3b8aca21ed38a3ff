using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Demo;

/// <summary>The same server on the same database at an earlier time: what is told through it goes through the same rules and stands in the log with its own day.</summary>
internal sealed class DemoPast : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly PastClock clock = new();
    private readonly Dictionary<string, Actor> people = [];

    private DemoPast(StartOptions start) => server = SunsetterServer.Build(start with { Demo = false, RunDueWork = false }, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));

    public T Get<T>() where T : notnull => server.Services.GetRequiredService<T>();

    public static async Task<DemoPast> Open(StartOptions start, CancellationToken cancel)
    {
        var past = new DemoPast(start);
        foreach (var (person, roles) in await past.Get<People>().All(cancel))
            past.people[person.Email!] = new Actor(person.Email!, person.Name, roles.ToFrozenSet(), Permissions.Of(roles));
        return past;
    }

    /// <summary>Goes to a day, at an hour of the vendor's morning or afternoon.</summary>
    public void At(DateOnly day, int hour = 10, int minute = 0) => clock.Now = Days.InstantOf(day, new TimeOnly(hour, minute), Days.Zone("Asia/Shanghai"));

    public void At(DateTimeOffset instant) => clock.Now = instant;

    public DateTimeOffset Now => clock.Now;

    public Actor As(string email) => people[email];

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private sealed class PastClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
