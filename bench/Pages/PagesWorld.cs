using System.Collections.Immutable;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Bench.Usage;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Demo;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Pages;

/// <summary>
/// An invented vendor of 500 modules and 5,000 customers, always the same but for the day it is counted from (seed 7). Every customer uses the eight first modules, which go, and
/// twelve others: three people on eight of the last 60 days, and one person on twelve days of the year before. One retirement in each stage concerns all 5,000 customers; thirty more concern 200 each.
/// </summary>
internal sealed class PagesWorld(BenchServer server)
{
    public const int Modules = 500, Customers = 5000;

    private static readonly Stage[] Stages = [Stage.Decide, Stage.Announce, Stage.Migrate, Stage.Close, Stage.Observe];

    private readonly DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <summary>The retirement of all customers that stands in this stage.</summary>
    public Dictionary<Stage, RetirementId> Retirements { get; } = [];

    public static CustomerKey Customer(int number) => new($"customer-{number:0000}");

    public async Task Make()
    {
        await Catalogue();
        await Use();
        await using var past = await DemoPast.Open(server.Options, CancellationToken.None);
        foreach (var (stage, number) in Stages.Select((stage, number) => (stage, number + 1)))
            Retirements[stage] = await Tell(past, stage, number, Enumerable.Range(1, Customers));
        for (var more = 0; more < 30; more++)
            await Tell(past, Stages[more % Stages.Length], 20 + more, Enumerable.Range(1 + more * 100, 200));
    }

    /// <summary>The page of one contact, as in the mail to them.</summary>
    public string Portal(BenchServer server, Stage stage) => $"/c/{server.Get<PortalLinks>().TokenFor(new PortalPass(Retirements[stage], Customer(100), Mail(100), TimeProvider.System.GetUtcNow().AddDays(60)))}";

    private async Task Catalogue()
    {
        await server.Get<Settings>().Set(new Workspace { Vendor = new("Yunque", "云鹊通讯"), PublicUrl = server.Address.ToString().TrimEnd('/'), SupportEmail = "help@vendor.test" }, "bench", CancellationToken.None);
        var people = server.Get<People>();
        foreach (var role in Enum.GetValues<Role>())
            await people.Add($"{role}@vendor.test".ToLowerInvariant(), $"{role}", [role], "en", CancellationToken.None);
        for (var number = 0; number < 40; number++)
            await people.Add($"am{number}@vendor.test", $"Manager {number}", [Role.Success], "en", CancellationToken.None);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync();
        for (var number = 1; number <= Modules; number++)
            db.Add(new Module
            {
                Key = Module(number), NameEn = $"Module {number}", NameZh = $"模块{number}", Class = number % 10 == 0 ? ModuleClass.Core : ModuleClass.NonCore, Owner = $"team-{number % 25}", Since = new DateOnly(2015 + number % 10, 1, 1),
                MonthlyCost = 1000 * (number % 90 + 1), Replacements = number % 3 == 0 || number <= 8 ? [Module(number % 490 + 9)] : [], DependsOn = number % 7 == 0 ? [Module(number % 400 + 20)] : [], Capabilities = ["send", "search", "archive"],
            });
        for (var number = 1; number <= Customers; number++)
        {
            db.Add(new Customer
            {
                Key = Customer(number), NameEn = $"Customer {number}", NameZh = $"客户{number}", Tier = number % 20 == 0 ? "enterprise" : "standard", Class = Class(number), AccountManager = $"am{number % 40}@vendor.test",
                AnnualValue = 1000 * (number % 300 + 1), ContractNoticeDays = number % 50 == 0 ? 90 : null, Locale = number % 2 == 0 ? "zh-CN" : "en",
            });
            db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = Customer(number), Email = Mail(number), Name = $"Admin {number}", Phone = $"+86 139 {number:0000000}" });
            db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = Customer(number), Email = $"tech@{Customer(number)}.test", Name = $"Tech {number}", Role = "technical" });
        }
        await db.SaveChangesAsync();
    }

    private async Task Use()
    {
        var chance = new Random(7);
        for (var first = 1; first <= Customers; first += 100)
        {
            var tally = new UsageTally();
            for (var customer = first; customer < first + 100; customer++)
            {
                var key = Encoding.UTF8.GetBytes(Customer(customer).Value);
                var days = Enumerable.Range(0, 8).Select(_ => chance.Next(1, 60)).Concat(Enumerable.Range(0, 12).Select(_ => chance.Next(60, 400))).ToList();
                foreach (var module in Enumerable.Range(1, 8).Concat(Enumerable.Range(0, 12).Select(other => 9 + (customer * 13 + other * 29) % (Modules - 8))))
                    foreach (var (day, at) in days.Select((day, at) => (day, at)))
                        for (var user = 0; user < (at < 8 ? 3 : 1); user++)
                            tally.Add(new UsageEvent
                            {
                                Module = Encoding.UTF8.GetBytes(Module(module).Value), Customer = key, User = Encoding.UTF8.GetBytes($"{customer}-{user}"), Count = 1,
                                UnixMilliseconds = new DateTimeOffset(today.AddDays(-day), new TimeOnly(9, 0), TimeSpan.Zero).ToUnixTimeMilliseconds(),
                            });
            }
            await server.Get<UsageWriter>().Write([new UsageDelivery($"world-{first}", "im-gateway", TimeProvider.System.GetUtcNow(), tally)], CancellationToken.None);
        }
    }

    private async Task<RetirementId> Tell(DemoPast past, Stage stage, int module, IEnumerable<int> customers)
    {
        var log = past.Get<FactLog>();
        var id = RetirementId.New();
        var closes = stage switch { Stage.Close => today.AddDays(6), Stage.Observe => today.AddDays(-4), _ => today.AddDays(60) };
        past.At(today.AddDays(-120));
        await Do(log.Begin(id, "product@vendor.test", _ => Decision.Of(Decided(module)), CancellationToken.None));
        if (stage == Stage.Decide)
            return id;
        past.At(today.AddDays(-100));
        await Do(log.Change(id, "product@vendor.test", _ => Decision.Of(new RetirementApproved(), new TellingPlanned(today.AddDays(-90)),
            new RetirementScheduled(new Schedule(closes, new TimeOnly(10, 0), "Asia/Shanghai", closes.AddDays(-30), 14), null)), CancellationToken.None));
        await Each(log, id, customers, (number, customer) => [Opened(number), new EarliestComputed(closes.AddDays(-number % 20), "class", new("Standard customers have 60 days.", "普通客户提前 60 天。"))]);
        past.At(today.AddDays(-90));
        await Do(log.Change(id, "support@vendor.test", _ => Decision.Of(new TalkTracksWritten(Text.Same("Say this.")), new TalkTracksConfirmed(), new AnnouncementPublished(), new NoticesReleased()), CancellationToken.None));
        await Each(log, id, customers, (number, customer) => [new NoticeIssued(1, NoticeKind.First, "first", closes), new NoticeSent(1, Mail(number), "email", $"{id}.{number}@vendor.test", today.AddDays(-90))]);
        past.At(today.AddDays(-80));
        await Each(log, id, customers.Where(number => number % 5 != 0), (number, _) => [new NoticeRead(1, Mail(number)), .. number % 4 != 0 ? [new NoticeAcknowledged(1, Mail(number))] : (EntryFact[])[]]);
        if (stage >= Stage.Migrate)
            await Do(log.Change(id, "qa@vendor.test", _ => Decision.Of(new ReplacementSignedOff("A week of load.", null), new MigrationStarted()), CancellationToken.None));
        if (stage < Stage.Close)
            return id;
        past.At(closes.AddDays(-8));
        await Do(log.Change(id, "engineering@vendor.test", _ => Decision.Of(new ClosingConfirmed("All green.")), CancellationToken.None));
        if (stage < Stage.Observe)
            return id;
        past.At(closes);
        await Each(log, id, customers, (_, _) => [new CustomerClosed(past.Now)]);
        await Do(log.Change(id, Actor.Clock.Id, _ => Decision.Of(new ObservationStarted(closes.AddDays(14))), CancellationToken.None));
        return id;
    }

    private static IEnumerable<RetirementFact> Decided(int module)
    {
        var replacement = Module(module % 490 + 9);
        ImmutableArray<CostMonth> months = [.. Enumerable.Range(1, 6).Select(month => new CostMonth(new DateOnly(2026, month, 1), 9000, 12_000, 3000, 15_000))];
        return
        [
            new RetirementProposed(Module(module), replacement, new($"Module {module} goes", $"模块{module}退役"), "product@vendor.test", [new Reason(ReasonKind.TechnicalRenewal, new("It cannot meet the retention rules of 2027.", "其架构无法满足 2027 年的留存要求。"))]),
            new CostStated("CNY", months), new CapabilitiesListed(["send", "search", "archive"]),
            .. ((string[])["send", "search", "archive"]).Select(capability => new CapabilityCompared(replacement, capability, CapabilityCoverage.Covered, false, "")),
            new VoiceHeard(Role.Operations, Leaning.For, "Nights will be quieter."), new VoiceHeard(Role.Support, Leaning.For, "Few tickets."),
            new ResearchHeld(Customer(7), new DateOnly(2026, 6, 1), "Ada", "They can move."),
        ];
    }

    private static async Task Each(FactLog log, RetirementId id, IEnumerable<int> customers, Func<int, CustomerKey, IEnumerable<EntryFact>> facts)
    {
        foreach (var some in customers.Chunk(500))
            await Do(log.Change(id, Actor.Clock.Id, _ => Decision.All(some.SelectMany(number => facts(number, Customer(number)).Select(fact => ((CustomerKey?)Customer(number), (Fact)fact)))), CancellationToken.None));
    }

    private static async Task Do(Task<Outcome<Retirement>> change)
    {
        if ((await change).Refused(out var refusal))
            throw new InvalidOperationException(refusal.Sentence.En);
    }

    private static EntryOpened Opened(int number) =>
        new(new($"Customer {number}", $"客户{number}"), number % 20 == 0 ? "enterprise" : "standard", Class(number), $"am{number % 40}@vendor.test", "Asia/Shanghai", number % 2 == 0 ? "zh-CN" : "en") { Country = "CN" };

    private static ModuleKey Module(int number) => new($"module-{number:000}");

    private static CustomerClass Class(int number) => number % 20 == 0 ? CustomerClass.Key : number % 50 == 1 ? CustomerClass.Enterprise : CustomerClass.Standard;

    private static string Mail(int number) => $"admin@{Customer(number)}.test";
}
