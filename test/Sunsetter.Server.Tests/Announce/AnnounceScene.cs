using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>An approved retirement of legacy rooms: Huaxin Bank (key, three contacts) and Meiya Retail (standard, one contact), closing in 90 days.</summary>
internal sealed class AnnounceScene(ServerUnderTest server) : IAsyncDisposable
{
    public static readonly CustomerKey Huaxin = new("huaxin"), Meiya = new("meiya");
    public static readonly DateOnly Closes = new(2027, 2, 20);

    public ServerUnderTest Server => server;
    public RetirementId Id { get; } = RetirementId.New();
    public FactLog Log => server.Get<FactLog>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<AnnounceScene> On(Database database, int? mailPort = null, string[]? huaxin = null)
    {
        var server = await ServerUnderTest.On(database, null, mailPort is { } port ? ["--Mail:Host=127.0.0.1", $"--Mail:Port={port}", "--Mail:From=Yunque <notices@vendor.test>"] : []);
        var scene = new AnnounceScene(server);
        await server.Get<Settings>().Set(new Workspace { Vendor = new("Yunque", "云鹊通讯"), PublicUrl = server.Address.ToString().TrimEnd('/'), SupportEmail = "help@vendor.test" }, "test", Cancel);
        await server.Get<People>().Add("yue@vendor.test", "Lin Yue", [Role.Success], "en", Cancel);
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new Module { Key = new("rooms-legacy"), NameEn = "Legacy rooms", NameZh = "旧版群聊室" });
            db.Add(new Module { Key = new("spaces"), NameEn = "Spaces", NameZh = "空间" });
            db.Add(new Customer { Key = Huaxin, NameEn = "Huaxin Bank", NameZh = "华信银行", Class = CustomerClass.Key });
            db.Add(new Customer { Key = Meiya, NameEn = "Meiya Retail", NameZh = "美雅零售" });
            foreach (var (email, at) in (huaxin ?? ["anna@huaxin.test"]).Select((email, at) => (email, at)))
                db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = Huaxin, Email = email, Name = "Anna", Role = at == 0 ? "administrator" : "technical" });
            db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = Meiya, Email = "wu@meiya.test", Name = "Wu", Locale = "en" });
            await db.SaveChangesAsync(Cancel);
        }
        await scene.Log.Begin(scene.Id, "lin@vendor.test", _ => Decision.Of(
            new RetirementProposed(new("rooms-legacy"), new ModuleKey("spaces"), new("Legacy rooms go", "旧版群聊室退役"), "lin@vendor.test",
                [new Reason(ReasonKind.TechnicalRenewal, new("It cannot meet the retention rules of 2027.", "其架构无法满足 2027 年的留存要求。"))]),
            new RetirementScheduled(new Schedule(Closes, new TimeOnly(10, 0), "Asia/Shanghai", new DateOnly(2026, 11, 22), 14), null),
            new RetirementApproved())
            .And(Decision.Of(Huaxin, new EntryOpened(new("Huaxin Bank", "华信银行"), "enterprise", CustomerClass.Key, "yue@vendor.test", "Asia/Shanghai", "zh-CN")))
            .And(Decision.Of(Meiya, new EntryOpened(new("Meiya Retail", "美雅零售"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"))), Cancel);
        return scene;
    }

    /// <summary>Support is ready and the notices are released.</summary>
    public async Task<AnnounceScene> Released()
    {
        await Log.Change(Id, "su@vendor.test", new WriteTalkTracks(new("Say this.", "这样说。")).Decide, Cancel);
        await Log.Change(Id, "su@vendor.test", new ConfirmTalkTracks().Decide, Cancel);
        Assert.Null((await server.Get<ReleaseDesk>().Release(Id, Actor.Clock, Cancel)).Refusal);
        return this;
    }

    /// <summary>Two turns: what is due is decided and sent, then its end is recorded.</summary>
    public async Task Settle()
    {
        for (var turn = 0; turn < 3; turn++)
            await server.Tick(TimeSpan.FromSeconds(5));
    }

    public async Task<LedgerEntry> Entry(CustomerKey customer) => (await Log.FindEntry(Id, customer, Cancel))!;

    public async Task<Retirement> Retirement() => (await Log.Find(Id, Cancel))!;

    public async Task<int> Count<T>(CustomerKey customer) where T : Fact => (await Log.History(Id, customer, Cancel)).Count(recorded => recorded.Fact is T);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
