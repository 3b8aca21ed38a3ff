using Microsoft.Extensions.Time.Testing;
using Sunsetter.Gates;

namespace Sunsetter.Client.Tests;

/// <summary>Snapshots as a server would make them, and clients to obey them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Announced = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Rehearsal = new(2026, 12, 12, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset RehearsalEnds = Rehearsal.AddMinutes(15);
    public static readonly DateTimeOffset Closing = new(2027, 1, 1, 18, 0, 0, TimeSpan.Zero);

    public static readonly GateTimeline Retiring = GateTimeline.Of(
        new GateSegment(Announced, GateState.Warned, GateReasons.ClosingAnnounced),
        new GateSegment(Rehearsal, GateState.Brownout, GateReasons.Rehearsal),
        new GateSegment(RehearsalEnds, GateState.Warned, GateReasons.ClosingAnnounced),
        new GateSegment(Closing, GateState.Closed, GateReasons.Retired));

    public static readonly GateTimeline Closed = GateTimeline.Of(new GateSegment(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), GateState.Closed, GateReasons.Retired));

    public static readonly GateTimeline Restored = GateTimeline.Of(new GateSegment(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), GateState.Open, GateReasons.Restored));

    public static GateModule Rooms(GateTimeline timeline, params (string Customer, GateTimeline Timeline)[] customers) => GateModule.Of(
        "rooms-legacy", LocalizedText.Of("Legacy rooms", "旧版群聊室"), timeline,
        customers.Select(customer => new KeyValuePair<string, GateTimeline>(customer.Customer, customer.Timeline)),
        why: LocalizedText.Of("It keeps an insecure protocol alive.", "依赖不安全的旧协议。"),
        alternative: new GateAlternative("spaces", LocalizedText.Of("Spaces", "空间"), "https://example.com/spaces"),
        contact: new GateContact("Ms Lin", "https://example.com/help", "help@example.com"),
        info: "https://example.com/announcements/rooms-legacy");

    public static GateSnapshot Snapshot(long version, params GateModule[] modules) => GateSnapshot.Of(version, Announced, modules);

    public static SunsetterOptions Options(WireServer server, string? directory = null, TimeProvider? time = null) => new()
    {
        Server = server.Address,
        Key = "sst_srv_k1_secret",
        Instance = "test",
        StateDirectory = directory ?? Directory.CreateTempSubdirectory("sunsetter-").FullName,
        TimeProvider = time,
    };

    /// <summary>Waits for a condition that another thread brings about; fails loudly when it never comes.</summary>
    public static async Task Until(Func<bool> condition, string what, FakeTimeProvider? turn = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"It never happened: {what}");
            turn?.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
