using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

public sealed class LeaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_dead_node_held_when_the_clock_was_wrong_by_an_hour_does_not_lie_idle_for_one()
    {
        await using var server = await ServerUnderTest.On(Database.Postgres);
        Leases Node() => new(server.Get<IDbContextFactory<SunsetterDb>>(), server.Get<StorageOptions>(), server.Clock);
        var (dead, next, length) = (Node(), Node(), TimeSpan.FromSeconds(20));
        Assert.True(await dead.Take("work", length, Cancel));
        Assert.False(await next.Take("work", length, Cancel));

        server.Clock.AdjustTime(server.Clock.GetUtcNow().AddMinutes(-1));
        Assert.False(await next.Take("work", length, Cancel));
        server.Clock.AdjustTime(server.Clock.GetUtcNow().AddMilliseconds(-1));
        Assert.True(await next.Take("work", length, Cancel));
    }
}
