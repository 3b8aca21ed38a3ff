using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

/// <summary>A server with one retirement whose closing is confirmed: 2026-12-01 02:00 in Shanghai, brownout the week before at ten by each customer's clock.</summary>
internal sealed class GateScene(ServerUnderTest server) : IAsyncDisposable
{
    public const string Module = "rooms-legacy";

    public static readonly CustomerKey Huaxin = new("huaxin"), Beike = new("beike");
    public static readonly DateTimeOffset Closing = new(2026, 11, 30, 18, 0, 0, TimeSpan.Zero);

    public ServerUnderTest Server => server;

    public RetirementId Id { get; } = RetirementId.New();

    public FactLog Log => server.Get<FactLog>();

    public GatePublisher Publisher => server.Get<GatePublisher>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<GateScene> On(Database database, params string[] rest)
    {
        var scene = new GateScene(await ServerUnderTest.On(database, null, rest));
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new Module { Key = new(Module), NameEn = "Legacy rooms", NameZh = "旧版群聊室" });
            db.Add(new Module { Key = new("spaces"), NameEn = "Spaces", NameZh = "空间" });
            await db.SaveChangesAsync(Cancel);
        }
        await scene.Server.Get<KeepGateBasis>().Run(ServerUnderTest.Start, Cancel);
        await scene.Log.Begin(scene.Id, "lin@vendor.test", _ => Decision.Of(
            new RetirementProposed(new(Module), new("spaces"), new Text("Rooms", "群聊"), "lin@vendor.test", [new Reason(ReasonKind.TechnicalRenewal, new Text("Old.", "旧。"))]),
            new RetirementApproved(),
            new RetirementScheduled(new Schedule(new DateOnly(2026, 12, 1), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2026, 11, 1), 7), null)), Cancel);
        await scene.Change(_ => Decision.Of(Huaxin, Opened("Asia/Shanghai")).And(Decision.Of(Beike, Opened("America/New_York")))
            .And(Decision.Of(new MigrationStarted(), new ClosingConfirmed("go"), new BrownoutScheduled(new Brownout(new DateOnly(2026, 11, 24), new TimeOnly(10, 0), 15, InCustomersZone: true), "test"))));
        return scene;
    }

    public async Task Change(Func<Retirement, Decision> rule)
    {
        Assert.Null((await Log.Change(Id, "lin@vendor.test", rule, Cancel)).Refusal);
        await Publisher.Look(Cancel);
    }

    public Task RestoreFor(CustomerKey customer) => Change(_ => Decision.Of(customer, new CustomerRestored("They need it.", null)));

    public async Task<NewEdgeKey> Key(EdgeKeyKind kind, params string[] scopes) =>
        await server.Get<EdgeKeys>().Make(kind, "test", scopes.Length == 0 ? EdgeScopes.All : scopes, "lin@vendor.test", Cancel);

    public string Context(NewEdgeKey key, CustomerKey customer, string user = "u-1") =>
        ContextToken.Sign(customer.Value, user, server.Clock.GetUtcNow().AddHours(1), key.Kid, key.Key);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static EntryOpened Opened(string zone) => new(new Text("X", "X"), "standard", CustomerClass.Standard, null, zone, "en");
}
