using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>Users that are kept as hashes from some day on.</summary>
public sealed class HashedUsersTests
{
    private const string Now = "2026-11-22T07:59:00Z";

    [Theory, EachDatabase]
    public async Task Everybody_stays_who_they_are_when_users_become_hashes_and_no_name_is_left(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import($"time,module,customer,user\n{Now},rooms,huaxin,ann\n{Now},rooms,huaxin,ben\n{Now},rooms,delta,ann\n");
        using var root = await server.As("root@vendor.test", Role.Administrator);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var other = ActivatorUtilities.CreateInstance<UsageWriter>(server.App.Services);
        await other.Write([Delivery("before", "ann")], Cancel);

        Assert.Equal(HttpStatusCode.OK, (await Put(root, new { hashUsers = true })).StatusCode);
        // A customer with new use is hashed by whoever writes it, another by the step.
        await client.Send("b", Event(Now, "rooms", "huaxin", "ann"), Event(Now, "rooms", "huaxin", "cyd"));
        Assert.Equal((0, 1), await Plain(server));
        await server.Get<IEnumerable<IDueStep>>().OfType<HashStoredUsers>().Single().Run(ServerUnderTest.Start, Cancel);
        Assert.Equal((0, 0), await Plain(server));
        // The other node had read the names as they were.
        await other.Write([Delivery("after", "ben")], Cancel);

        Assert.Equal("* delta 2026-11-22 1 1\n* huaxin 2026-11-22 3 6\nrooms delta 2026-11-22 1 1\nrooms huaxin 2026-11-22 3 6", await server.Dump());
        Assert.Equal([null, null, null, null], (await server.Get<UsageQuestions>().UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel)).Select(user => user.Name));
    }

    [Theory, EachDatabase]
    public async Task The_switch_and_its_key_are_for_good(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await server.As("root@vendor.test", Role.Administrator);
        await Task.WhenAll(Put(root, new { hashUsers = true }), Put(root, new { hashUsers = true, idleDays = 4 }));
        var key = (await server.Get<Settings>().Get<UsageSettings>(Cancel)).HashKey;
        Assert.Equal(32, Convert.FromBase64String(key).Length);

        Assert.Contains("usage-rules.hashed", await (await Put(root, new { hashUsers = false })).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("usage-rules.hash-key", await (await Put(root, new { hashKey = Convert.ToBase64String(new byte[32]) })).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Put(root, new { idleDays = 5 })).StatusCode);
        Assert.Equal(new UsageSettings { HashUsers = true, HashKey = key, IdleDays = 5 }, await server.Get<Settings>().Get<UsageSettings>(Cancel));
    }

    [Theory, EachDatabase]
    public async Task An_administrator_switches_on_the_rules_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        (await root.Submit(await root.Open("/settings/rules"), "user-names", ("final", "yes"))).Done();
        (await root.Submit(await root.Open("/settings/rules"), "usage-rules", ("coverage", "95"))).Done();

        var rules = await server.Get<Settings>().Get<UsageSettings>(Cancel);
        Assert.Equal((true, 0.95), (rules.HashUsers, rules.EnoughCoverage));
    }

    private static Task<HttpResponseMessage> Put(HttpClient client, object rules) => client.PutAsJsonAsync("/api/v1/settings/usage", rules, Cancel);

    /// <summary>How many blocks of names hold one that anybody could read, of Huaxin and of Delta.</summary>
    private static async Task<(int Huaxin, int Delta)> Plain(ServerUnderTest server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        async Task<int> Of(string customer) => (await db.Database.SqlQuery<byte[]>($"select u.names as \"Value\" from usage_user u join usage_customer c on c.id = u.customer_id where c.key = {customer}").ToListAsync(Cancel))
            .Count(block => new[] { "ann", "ben", "cyd" }.Any(name => block.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0));
        return (await Of("huaxin"), await Of("delta"));
    }

    private static UsageDelivery Delivery(string key, string user)
    {
        var tally = new UsageTally();
        tally.Add(new UsageEvent { Module = "rooms"u8, Customer = "huaxin"u8, User = Encoding.UTF8.GetBytes(user), UnixMilliseconds = ServerUnderTest.Start.ToUnixTimeMilliseconds(), Count = 1 });
        return new UsageDelivery(key, "test", ServerUnderTest.Start, tally);
    }
}
