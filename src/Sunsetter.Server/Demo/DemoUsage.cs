using System.Text;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Demo;

/// <summary>Writes the demo's history of use into the usage store, a few customers at a time.</summary>
internal static class DemoUsage
{
    private const int CustomersOfGroup = 25;
    private const long Day = 86_400_000;

    public static async Task Add(DemoWorld world, UsageWriter writer, TimeProvider clock, CancellationToken cancel)
    {
        var use = new DemoUse(world);
        var groups = Enumerable.Range(0, world.Customers.Count).Chunk(CustomersOfGroup).ToList();
        // One group is made while the one before is stored.
        var next = Task.Run(() => Group(world, use, groups[0], clock, cancel), cancel);
        for (var at = 0; at < groups.Count; at++)
        {
            var delivery = await next;
            if (at + 1 < groups.Count)
            {
                var following = groups[at + 1];
                next = Task.Run(() => Group(world, use, following, clock, cancel), cancel);
            }
            await writer.Write([delivery], cancel);
        }
    }

    private static UsageDelivery Group(DemoWorld world, DemoUse use, int[] customers, TimeProvider clock, CancellationToken cancel)
    {
        var tally = new UsageTally();
        foreach (var customer in customers)
        {
            cancel.ThrowIfCancellationRequested();
            AddPeople(world, use, customer, tally);
            if (world.Customers[customer].Story != DemoCustomers.Bot)
                continue;
            AddBot(world, world.Customers[customer], tally);
            AddKnocks(world, world.Customers[customer], tally);
        }
        return new UsageDelivery($"demo-{customers[0]}", "im-gateway", clock.GetUtcNow(), tally);
    }

    private static void AddPeople(DemoWorld world, DemoUse use, int customer, UsageTally tally)
    {
        var who = world.Customers[customer];
        var key = Encoding.UTF8.GetBytes(who.Key);
        var users = Enumerable.Range(1, who.Users).Select(number => Encoding.UTF8.GetBytes($"{who.Key}-{number:0000}")).ToArray();
        foreach (var module in world.Modules.Where(module => use.Has(customer, module)))
        {
            var name = Encoding.UTF8.GetBytes(module.Key);
            // Today is not over: it has no use yet.
            for (var user = 0; user < users.Length; user++)
                foreach (var (ago, calls) in use.Days(customer, module, user))
                    tally.Add(new UsageEvent { Module = name, Customer = key, User = users[user], UnixMilliseconds = Midnight(world, ago) + (60 + (user * 37 + ago * 11) % 540) * 60_000L, Count = calls });
        }
    }

    // A program that looks every quarter of an hour, day and night: an integration, not a person.
    private static void AddBot(DemoWorld world, DemoCustomer who, UsageTally tally)
    {
        for (var ago = DemoWorld.Days; ago >= 1; ago--)
            for (var quarter = 0; quarter < 96; quarter++)
                tally.Add(new UsageEvent
                {
                    Module = "rooms-legacy"u8, Customer = Encoding.UTF8.GetBytes(who.Key), User = "bot:deploy-watch"u8, UnixMilliseconds = Midnight(world, ago) + quarter * 15 * 60_000L, Count = 1,
                });
    }

    // A build server that nobody told: it asks the closed sticker market for badges, and is refused.
    private static void AddKnocks(DemoWorld world, DemoCustomer who, UsageTally tally)
    {
        for (var ago = DemoUse.StickersClosed - 4; ago >= 1; ago--)
            for (var knock = 0; knock < 3; knock++)
                tally.Add(new UsageEvent
                {
                    Module = "sticker-market"u8, Customer = Encoding.UTF8.GetBytes(who.Key), User = "bot:build-badges"u8, UnixMilliseconds = Midnight(world, ago) + (6 + 5 * knock) * 3_600_000L, Count = 4, Refused = true,
                });
    }

    private static long Midnight(DemoWorld world, int ago) => (world.Today.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber - ago) * Day;
}
