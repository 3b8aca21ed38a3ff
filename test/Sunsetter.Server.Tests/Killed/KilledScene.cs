using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>
/// What the server finds when it is started: one retirement whose notices were just released, a contact each; and others that close within seconds, for
/// one customer then, for the other a day later.
/// </summary>
internal sealed class KilledScene : IAsyncDisposable
{
    public const string Closing = "customer-0001", WithMoreTime = "customer-0002";

    private readonly Dictionary<string, RetirementId> closing = [];
    private readonly RetirementId announced = RetirementId.New();
    private readonly KillPlan plan;

    // Looks into the store beside the server; never started.
    private WebApplication reader = null!;

    private KilledScene(KillPlan plan, string? postgres) => (this.plan, Postgres) = (plan, postgres);

    public string? Postgres { get; }

    public string Data { get; } = Directory.CreateTempSubdirectory("sunsetter-killed-").FullName;

    public string EdgeKey { get; private set; } = "";

    public Counted Counted { get; } = new();

    /// <summary>Closing instant by module.</summary>
    public Dictionary<string, DateTimeOffset> Closings { get; } = [];

    public static async Task<KilledScene> Begin(KillPlan plan, string? postgres, CancellationToken cancel)
    {
        var scene = new KilledScene(plan, postgres);
        await using (var app = scene.Build())
        {
            await SunsetterServer.Prepare(app, cancel);
            await scene.Write(app.Services, cancel);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        scene.reader = scene.Build();
        return scene;
    }

    private WebApplication Build() => SunsetterServer.Build(
        new StartOptions(Data, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning"]) { PostgresConnection = Postgres, RunDueWork = false });

    private async Task Write(IServiceProvider services, CancellationToken cancel)
    {
        await services.GetRequiredService<Settings>().Set(new Workspace { Vendor = new("Yunque", "云鹊通讯"), PublicUrl = "http://console.vendor.test", SupportEmail = "help@vendor.test" }, "test", cancel);
        EdgeKey = (await services.GetRequiredService<EdgeKeys>().Make(EdgeKeyKind.Server, "test", EdgeScopes.All, "lin@vendor.test", cancel)).Key;
        await WriteCatalogue(services, cancel);
        var log = services.GetRequiredService<FactLog>();
        await log.Begin(announced, "lin@vendor.test", _ => Decision.Of(Proposed("rooms-legacy"), Scheduled(TimeProvider.System.GetUtcNow().AddDays(120)), new RetirementApproved()), cancel);
        await log.Change(announced, "lin@vendor.test", _ => Decision.All(Customers.Select(customer => ((CustomerKey?)customer, (Fact)Opened(customer)))), cancel);
        await log.Change(announced, "su@vendor.test", new WriteTalkTracks(new("Say this.", "这样说。")).Decide, cancel);
        await log.Change(announced, "su@vendor.test", new ConfirmTalkTracks().Decide, cancel);
        Assert.Null((await services.GetRequiredService<ReleaseDesk>().Release(announced, Actor.Clock, cancel)).Refusal);

        foreach (var (after, number) in plan.Closings.Select((after, number) => (after, number)))
            await WriteClosing(log, $"fax-{number}", DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) + after, cancel);
        await services.GetRequiredService<KeepGateBasis>().Run(TimeProvider.System.GetUtcNow(), cancel);
    }

    private async Task WriteClosing(FactLog log, string module, DateTimeOffset instant, CancellationToken cancel)
    {
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Decision.Of(Proposed(module), new RetirementApproved(), Scheduled(instant)), cancel);
        await log.Change(id, "lin@vendor.test", _ => Decision.Of(new(Closing), Opened(new(Closing)))
            .And(Decision.Of(new(WithMoreTime), Opened(new(WithMoreTime)), new ExtensionGranted(DateOnly.FromDateTime(instant.UtcDateTime), "They asked.")))
            .And(Decision.Of(new MigrationStarted(), new ClosingConfirmed("go"))), cancel);
        (closing[module], Closings[module]) = (id, instant);
    }

    private async Task WriteCatalogue(IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel);
        foreach (var module in (IEnumerable<string>)["rooms-legacy", "spaces", "filed-0", "filed-1", "reported", .. plan.Closings.Select((_, number) => $"fax-{number}")])
            db.Add(new Module { Key = new(module), NameEn = module, NameZh = module });
        foreach (var customer in Customers)
        {
            db.Add(new Customer { Key = customer, NameEn = customer.Value, NameZh = customer.Value });
            db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = customer, Email = MailOf(customer), Name = "Ada", Role = "administrator", Locale = "en" });
        }
        await db.SaveChangesAsync(cancel);
    }

    private IEnumerable<CustomerKey> Customers => Enumerable.Range(1, plan.Mails).Select(number => new CustomerKey($"customer-{number:0000}"));

    private static string MailOf(CustomerKey customer) => $"ada@{customer}.test";

    private static RetirementProposed Proposed(string module) => new(new(module), new("spaces"), Text.Same(module), "lin@vendor.test",
        [new Reason(ReasonKind.TechnicalRenewal, new("It cannot meet the retention rules of 2027.", "其架构无法满足 2027 年的留存要求。"))]);

    private static RetirementScheduled Scheduled(DateTimeOffset closes) => new(
        new Schedule(DateOnly.FromDateTime(closes.UtcDateTime), TimeOnly.FromDateTime(closes.UtcDateTime), "Etc/UTC", DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), 14), null);

    private static EntryOpened Opened(CustomerKey customer) => new(Text.Same(customer.Value), "standard", CustomerClass.Standard, null, "Etc/UTC", "en");

    /// <summary>Until nothing is due any more: every message has ended and its end is a fact, and every instant that passed is in the ledger.</summary>
    public Task Settled(CancellationToken cancel) => Loopback.UntilAsync("everything that is due to be done", async token =>
    {
        await using var db = await Database(token);
        var ended = await db.Set<MessageRow>().CountAsync(message => message.ReportedAt != null, token);
        var closed = await db.Set<FactRow>().CountAsync(fact => fact.Kind == "entry.closed", token);
        return ended == plan.Mails && closed == closing.Count;
    }, cancel, 240);

    /// <summary>Lines accepted and calls stored, compared day by day.</summary>
    public async Task<(long Lines, long Calls)> CheckCounts(CancellationToken cancel)
    {
        await using var db = await Database(cancel);
        var modules = (await reader.Services.GetRequiredService<UsageKeys>().Modules(cancel)).ToDictionary(module => module.Key, module => module.Value.Value);
        var rows = await db.Database.SqlQuery<DayFigure>($"select c.key as customer, d.day as day, d.figures as figures from usage_day d join usage_customer c on c.id = d.customer_id").ToListAsync(cancel);
        var figures = rows.SelectMany(row => DayFigures.Read(row.Figures).Where(figure => modules.ContainsKey(figure.Module)).Select(figure => (Row: row, Figure: figure))).ToList();
        Assert.Equal(Counted.Written(), figures.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"{modules[one.Figure.Module]} {one.Row.Customer} {DateOnly.FromDayNumber(one.Row.Day):yyyy-MM-dd} {one.Figure.People} {one.Figure.Calls}")).Order(StringComparer.Ordinal));
        return (Counted.Lines, figures.Sum(one => one.Figure.Calls));
    }

    /// <summary>Every mail is a fact once, with the Message-ID that arrived; every closing is a fact once, at its instant and not before; nothing else closed.</summary>
    /// <returns>Closings.</returns>
    public async Task<int> CheckLedger(MailsThatCame mails, CancellationToken cancel)
    {
        var log = reader.Services.GetRequiredService<FactLog>();
        var sent = (await log.History(announced, null, cancel)).Where(recorded => recorded.Fact is NoticeSent).Select(recorded => ((NoticeSent)recorded.Fact).Recipient + " " + ((NoticeSent)recorded.Fact).MessageId);
        Assert.Equal(mails.MessageIds.Select(mail => $"{mail.Key} {mail.Value}").Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));
        foreach (var (module, id) in closing)
        {
            var closed = Assert.Single(await log.History(id, null, cancel), recorded => recorded.Fact is CustomerClosed);
            Assert.Equal((Closing, Closings[module]), (closed.Customer?.Value, ((CustomerClosed)closed.Fact).EffectiveAt));
            Assert.True(closed.At >= Closings[module], $"{module} was recorded as closed at {closed.At:O}, before {Closings[module]:O}");
        }
        foreach (var id in closing.Values.Append(announced))
            Assert.Null((await reader.Services.GetRequiredService<StoredChain>().Check(id, cancel)).FirstFault);
        return closing.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Data, recursive: true);
    }

    private Task<SunsetterDb> Database(CancellationToken cancel) => reader.Services.GetRequiredService<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel);

    private sealed record DayFigure(string Customer, int Day, byte[] Figures);
}
