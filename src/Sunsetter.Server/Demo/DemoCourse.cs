using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Close;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>Tells what followed a decision: who was told, read and acknowledged, who moved, what closed. Many customers at once stand in one transaction.</summary>
internal sealed class DemoCourse(DemoPast past, DemoWorld world)
{
    private readonly FactLog log = past.Get<FactLog>();

    /// <summary>Everybody is told; most read and acknowledge within two weeks; one key customer's administrator leaves afterwards.</summary>
    public async Task Tell(Retirement retirement, CancellationToken cancel)
    {
        var telling = retirement.Deciding.TellingOn!.Value;
        past.At(telling.AddDays(-1), 11);
        await log.Change(retirement.Id, DemoPeople.Support, _ => Decision.Of(new TalkTracksWritten(Track(retirement)), new TalkTracksConfirmed()), cancel);
        if (telling > world.Today)
            return;
        await Duties(retirement, telling, cancel);
        past.At(telling, 9);
        await log.Change(retirement.Id, DemoPeople.Yue, _ => Decision.Of(new AnnouncementPublished(), new NoticesReleased()), cancel);
        past.At(telling, 9, 30);
        await Each(retirement, (now, entry) => [new NoticeIssued(1, NoticeKind.First, "first", entry.ClosesOn(now)!.Value), new NoticeSent(1, Administrator(entry.Customer), "email", $"<{retirement.Id}.{entry.Customer}.1@magpie.example>", telling)], cancel);
        // Each customer speaks for itself, so its facts are its own and not the clock's.
        foreach (var after in (int[])[1, 2, 4, 8, 14])
        {
            past.At(telling.AddDays(after), 14);
            if (past.Now.AddHours(12) < Now)
                foreach (var entry in await log.Entries(retirement.Id, cancel))
                    if (Answer(entry, after).ToList() is { Count: > 0 } answer)
                        await With(retirement, entry.Customer.Value, (_, _) => answer, $"customer:{Administrator(entry.Customer)}", cancel);
        }
    }

    /// <summary>Every team knows its duties from the day before telling on; what was due by now was done on that day.</summary>
    private async Task Duties(Retirement retirement, DateOnly telling, CancellationToken cancel)
    {
        past.At(telling.AddDays(-1), 16);
        var drawn = await log.Change(retirement.Id, Actor.Clock.Id, new DrawUpDuties().Decide, cancel);
        foreach (var state in drawn.Value.Announcing.Duties)
            await log.Change(retirement.Id, DemoPeople.Of(state.Duty.Team), _ =>
                state.Duty.By < world.Today ? Decision.Of(new DutyAcknowledged(state.Duty.Id), new DutyDone(state.Duty.Id, "")) : new DutyAcknowledged(state.Duty.Id), cancel);
    }

    /// <summary>The replacement is signed off, customers are asked to move.</summary>
    public async Task Move(Retirement retirement, int began, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-began - 12), 16);
        await log.Change(retirement.Id, DemoPeople.Qa, _ => new ReplacementSignedOff("Load test at twice the peak, 14 days without an incident of severity 1 or 2. / 按峰值两倍压测，14 天无一级或二级故障。", null), cancel);
        past.At(world.Today.AddDays(-began - 10), 10);
        await log.Change(retirement.Id, DemoPeople.WangJun, _ => new MigrationStarted(), cancel);
        if (retirement.Module.Value == DemoStories.Rooms.Module)
            await log.Change(retirement.Id, DemoPeople.Support, _ => Decision.Of(
                new FaqWritten(Guid.CreateVersion7(past.Now), new("Does the history come along?", "历史消息会一起迁移吗？"), new("Yes, up to five years, with attachments; the migration tool moves it.", "会，最长五年，含附件，由迁移工具完成。")),
                new FaqWritten(Guid.CreateVersion7(past.Now), new("Can guests join a space?", "访客可以加入空间吗？"), new("By an invitation link. Your account manager switches it on.", "可以，通过邀请链接，由客户经理开通。"))), cancel);
    }

    /// <summary>The planted cases of a migration that is under way.</summary>
    public async Task Struggle(Retirement retirement, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-19), 10);
        await With(retirement, DemoCustomers.Left, (now, entry) => Lost(retirement, now, entry), Actor.Clock.Id, cancel);
        past.At(world.Today.AddDays(-12), 15);
        await With(retirement, DemoCustomers.QuarterEnd, (_, _) => [new ExtensionRequested(Guid.CreateVersion7(past.Now), retirement.Schedule!.ClosesOn.AddDays(8), "Our quarterly report draws on its history. / 季度报表需要用到其中的历史数据。", "孙丽")], $"customer:{Administrator(new CustomerKey(DemoCustomers.QuarterEnd))}", cancel);
        past.At(world.Today.AddDays(-8), 11);
        await With(retirement, DemoCustomers.WentBack, (_, _) => [new FollowUpAssigned(DemoPeople.Success, world.Today.AddDays(1), "Ask about attachments and folders. / 询问附件与文件夹的情况。")], DemoPeople.Success, cancel);
        await With(retirement, DemoCustomers.Bot, (_, _) => [new FollowUpAssigned(DemoPeople.ChenWei, world.Today.AddDays(3), "Move the bot “deploy-watch”. / 迁移机器人“deploy-watch”。")], DemoPeople.ChenWei, cancel);
        past.At(world.Today.AddDays(-6), 9);
        await With(retirement, "northwind-freight", (_, _) => [new HelpRequested(Guid.CreateVersion7(past.Now), "How do drivers join a space without an account? / 司机没有账号，如何加入空间？", "Ben Okafor")], "customer:administrator@northwind-freight.example", cancel);
    }

    /// <summary>Closed for everybody at its hour; the observation window runs, and one program still calls.</summary>
    public async Task Close(Retirement retirement, CancellationToken cancel)
    {
        var closes = retirement.Schedule!.ClosesOn;
        past.At(closes.AddDays(-2), 16);
        await past.Get<MeasureMovement>().MeasureOn(retirement, closes.AddDays(-2), cancel);
        await log.Change(retirement.Id, DemoPeople.Operations, _ => new BackupVerified("Brought back into the test cluster; counts and the newest thousand records compared. / 已恢复到测试集群，并核对数量与最新一千条记录。", null), cancel);
        await log.Change(retirement.Id, DemoPeople.WangJun, _ => new ClosingConfirmed("All lines of the list are green. / 清单各项均已通过。"), cancel);
        past.At(retirement.Schedule.InstantOf(closes));
        await Each(retirement, (_, _) => [new CustomerClosed(past.Now)], cancel);
        past.At(past.Now.AddMinutes(1));
        await log.Change(retirement.Id, Actor.Clock.Id, _ => new ObservationStarted(closes.AddDays(retirement.Schedule.ObservationDays)), cancel);
    }

    /// <summary>Watched to its end, archived, thanked for. What its retention says is deleted afterwards is for the server to do.</summary>
    public async Task<Outcome<Retirement>> Finish(Retirement retirement, CancellationToken cancel)
    {
        var ended = retirement.Schedule!.ClosesOn.AddDays(retirement.Schedule.ObservationDays);
        past.At(ended, 10);
        var archives = past.Get<Archives>();
        if ((await archives.Make(retirement.Id, DemoPeople.Compliance, cancel)).Refused(out var refusal) || (await archives.Verify(retirement.Id, DemoPeople.Compliance, cancel)).Refused(out refusal))
            return refusal;
        past.At(ended, 16);
        return await log.Change(retirement.Id, DemoPeople.Lin, _ => Decision.Of(
            new ThanksGiven("Ivo Brandt", "Built the wall in a summer and kept it running for eight years. / 用一个夏天建成状态墙，并维护了八年。", "Media"),
            new RetirementFinished("Those who had not used it for months answered no mail, but read the page when it was in the product. / 数月未用的客户不回邮件，但会看产品内的页面。", "Thank you to everybody who wrote on the wall, and to those who kept it. / 感谢每一位在墙上留言的人，也感谢一直维护它的同事。")), cancel);
    }

    private DateTimeOffset Now => Days.InstantOf(world.Today, new TimeOnly(8, 0), TimeZoneInfo.Utc);

    // One who answers does so on a day of their own; some only read, a few are silent.
    private static IEnumerable<EntryFact> Answer(LedgerEntry entry, int after)
    {
        var (mood, delay) = (DemoChance.Of(entry.Customer.Value.Length, entry.Customer.Value[0], entry.Customer.Value[^1], 3), DemoChance.Of(entry.Customer.Value[^1], entry.Customer.Value.Length, entry.Customer.Value[0], 4));
        var day = delay < 0.35 ? 1 : delay < 0.6 ? 2 : delay < 0.8 ? 4 : delay < 0.93 ? 8 : 14;
        if (day != after || mood > 0.95 || entry.Customer.Value == DemoCustomers.OnPremises)
            yield break;
        yield return new NoticeRead(1, Administrator(entry.Customer));
        if (mood < 0.83 && entry.Customer.Value is not DemoCustomers.Left)
            yield return new NoticeAcknowledged(1, Administrator(entry.Customer));
    }

    private IEnumerable<EntryFact> Lost(Retirement retirement, Retirement now, LedgerEntry entry) =>
    [
        new NoticeIssued(2, NoticeKind.Reminder, "before-60", entry.ClosesOn(now)!.Value),
        new NoticeBounced(2, Administrator(entry.Customer), "email", "550 5.1.1 user unknown", ContactDead: true),
        new ReachEscalated(Escalation.AnotherContact, $"technical@{entry.Customer}.example", new($"The administrator has left; mail about “{retirement.Title.En}” came back.", $"管理员已离职，关于“{retirement.Title.Zh}”的邮件被退回。")),
        new NoticeSent(2, $"technical@{entry.Customer}.example", "email", $"<{retirement.Id}.{entry.Customer}.2@magpie.example>", DateOnly.FromDateTime(past.Now.UtcDateTime)),
    ];

    private Task<Outcome<Retirement>> Each(Retirement retirement, Func<Retirement, LedgerEntry, IEnumerable<EntryFact>> facts, CancellationToken cancel) =>
        log.Change(retirement.Id, Actor.Clock.Id, (now, entries) => Decision.All(entries.SelectMany(entry => facts(now, entry).Select(fact => ((CustomerKey?)entry.Customer, (Fact)fact)))), cancel);

    // Where the customer is not affected, there is nothing to tell.
    private async Task With(Retirement retirement, string customer, Func<Retirement, LedgerEntry, IEnumerable<EntryFact>> facts, string by, CancellationToken cancel) =>
        await log.Change(retirement.Id, new CustomerKey(customer), by, (now, entry) => Decision.Of(entry.Customer, facts(now, entry)), cancel);

    private static string Administrator(CustomerKey customer) => $"administrator@{customer}.example";

    private Text Track(Retirement retirement)
    {
        var module = world.Modules.Single(one => one.Key == retirement.Module.Value);
        return new(
            $"{module.En} will be switched off for you on the day we wrote to you. We help you to move; nothing is lost before you have your export.",
            $"{module.Zh}将在我们通知您的日期停止服务。我们会协助您迁移；在您完成导出之前不会删除任何数据。");
    }
}
