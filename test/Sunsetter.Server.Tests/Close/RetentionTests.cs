using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Close;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;
using Sunsetter.Server.Tests.Usage;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Close;

/// <summary>What is deleted when retention ends, what a legal hold keeps, and the certificate it leaves.</summary>
public sealed class RetentionTests
{
    private static readonly CustomerKey Huaxin = new("huaxin"), Delta = new("delta");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task When_its_retention_ends_use_is_destroyed_with_the_names_and_other_modules_stay(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);
        await Use(server);

        await RunOn(server, 365);
        Assert.Contains("rooms-legacy huaxin", await server.Dump());
        await RunOn(server, 366);

        Assert.Equal("* delta 2026-11-10 1 1\n* huaxin 2026-11-10 1 2\nspaces delta 2026-11-10 1 1\nspaces huaxin 2026-11-10 1 2", await server.Dump());
        var names = await Names(server);
        Assert.Contains("anna", names);
        Assert.DoesNotContain("only-old", names);
        var deletion = Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions, one => one.Kind == DataKind.Usage);
        Assert.Equal((2, 365), (deletion.Customers.Length, deletion.RetentionDays));
        Assert.True(deletion.Count >= 2);
        Assert.Null((await server.Get<StoredChain>().Check(id, Cancel)).FirstFault);
        await RunOn(server, 366);
        Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions, one => one.Kind == DataKind.Usage);
    }

    [Theory, EachDatabase]
    public async Task Who_comes_back_after_the_deletion_is_counted_and_others_keep_their_names(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await Finished(server, archive: true);
        await Use(server);
        await RunOn(server, 366);

        await server.Import("time,module,customer,user\n2026-11-21T10:00:00Z,spaces,huaxin,only-old\n2026-11-21T10:00:00Z,spaces,huaxin,anna\n", source: "later.csv");

        Assert.Contains("spaces huaxin 2026-11-21 2 2", await server.Dump());
        Assert.Contains("only-old", await Names(server));
    }

    [Theory, EachDatabase]
    public async Task Another_node_that_had_read_the_names_counts_who_comes_back_as_somebody_new(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await Finished(server, archive: true);
        await Use(server);
        var other = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWriter>(server.App.Services);
        await other.Write([Delivery("before", "anna")], Cancel);
        await RunOn(server, 366);

        await other.Write([Delivery("after", "only-old")], Cancel);

        // Under a name of their own, not under the number of one that was overwritten.
        Assert.Contains("only-old", await Names(server));
        await server.Import("time,module,customer,user\n2026-11-21T10:00:00Z,spaces,huaxin,only-old\n");
        Assert.Contains("spaces huaxin 2026-11-21 2 3", await server.Dump());

        static UsageDelivery Delivery(string key, string user)
        {
            var tally = new UsageTally();
            tally.Add(new UsageEvent { Module = "spaces"u8, Customer = "huaxin"u8, User = Encoding.UTF8.GetBytes(user), UnixMilliseconds = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), Count = 1 });
            return new UsageDelivery(key, "test", ServerUnderTest.Start, tally);
        }
    }

    [Theory, EachDatabase]
    public async Task A_legal_hold_on_one_customer_keeps_theirs_and_not_the_others(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);
        await Use(server);
        await server.Get<FactLog>().Change(id, "co@vendor.test", (state, entries) => new PlaceLegalHold(Guid.CreateVersion7(), Huaxin, "Case 17").Decide(state, entries), Cancel);

        await RunOn(server, 366);
        Assert.Contains("rooms-legacy huaxin", await server.Dump());
        Assert.DoesNotContain("rooms-legacy delta", await server.Dump());

        var hold = (await server.Get<FactLog>().Find(id, Cancel))!.Closing.HoldsInForce.Single();
        await server.Get<FactLog>().Change(id, "co@vendor.test", new LiftLegalHold(hold.Id, "Settled").Decide, Cancel);
        await RunOn(server, 366);
        Assert.DoesNotContain("rooms-legacy", await server.Dump());
    }

    [Theory, EachDatabase]
    public async Task A_hold_placed_while_deletion_runs_comes_wholly_before_it_or_wholly_after(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);
        await Use(server);
        await Spoken(server, id, Huaxin, Delta);
        var log = server.Get<FactLog>();

        await Task.WhenAll(
            Task.Run(() => RunOn(server, 366), Cancel),
            Task.Run(() => log.Change(id, "co@vendor.test", (state, entries) => new PlaceLegalHold(Guid.CreateVersion7(), Huaxin, "Case 17").Decide(state, entries), Cancel), Cancel));

        var there = (await server.Dump()).Contains("rooms-legacy huaxin", StringComparison.Ordinal);
        await RunOn(server, 367);
        var deletions = (await log.Find(id, Cancel))!.Closing.Deletions;
        var certified = deletions.Where(one => one.Kind == DataKind.Usage).SelectMany(one => one.Customers).ToList();
        var silenced = deletions.Where(one => one.Kind == DataKind.MigrationRuns).SelectMany(one => one.Customers).ToList();
        Assert.Equal(there, (await server.Dump()).Contains("rooms-legacy huaxin", StringComparison.Ordinal));
        Assert.Equal(!there, certified.Contains(Huaxin));
        Assert.Contains(Delta, certified);
        Assert.Equal(there, (await Names(server)).Contains("only-old", StringComparison.Ordinal));
        Assert.Equal((!silenced.Contains(Huaxin), false), (await Speaks(server, Huaxin), await Speaks(server, Delta)));
        Assert.Contains(Delta, silenced);
        Assert.Null((await server.Get<StoredChain>().Check(id, Cancel)).FirstFault);
    }

    [Theory, EachDatabase]
    public async Task Weeks_months_and_refused_calls_of_the_module_are_destroyed_with_its_days(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await Finished(server, archive: true);
        await server.Get<Settings>().Set(new UsageSettings { DaysKept = 900 }, "test", Cancel);
        await server.Import("time,module,customer,user\n2023-11-10T10:00:00Z,rooms-legacy,huaxin,long-ago\n2023-11-10T10:00:00Z,spaces,huaxin,anna\n");
        using var gateway = await server.As("root@vendor.test", Role.Administrator);
        (await gateway.Send("refused", UsageFixture.Event("2026-11-21T10:00:00Z", "rooms-legacy", "huaxin", "knocker", refused: true), UsageFixture.Event("2026-11-21T10:00:00Z", "spaces", "huaxin", "anna", refused: true))).EnsureSuccessStatusCode();
        await server.Get<IEnumerable<IDueStep>>().OfType<RollUp>().Single().Run(ServerUnderTest.Start, Cancel);
        Assert.Equal((1, 1), (await Months(server, "rooms-legacy"), await Months(server, "spaces")));

        await RunOn(server, 366);

        Assert.Equal((0, 1), (await Months(server, "rooms-legacy"), await Months(server, "spaces")));
        Assert.Equal(0, (await server.Get<UsageQuestions>().Refused(new ModuleKey("rooms-legacy"), ServerUnderTest.Start.AddDays(-9), 0, Cancel)).Calls);
        Assert.Equal(1, (await server.Get<UsageQuestions>().Refused(new ModuleKey("spaces"), ServerUnderTest.Start.AddDays(-9), 0, Cancel)).Calls);
        var names = await Names(server);
        Assert.DoesNotContain("long-ago", names);
        Assert.DoesNotContain("knocker", names);
        Assert.Contains("anna", names);
    }

    private static async Task<int> Months(ServerUnderTest server, string module) =>
        (await server.Get<UsageQuestions>().History(new ModuleKey(module), UsagePeriod.Month, new DateOnly(2023, 1, 1), new DateOnly(2024, 1, 1), Cancel)).Value.Count;

    [Theory, EachDatabase]
    public async Task Many_customers_go_some_at_a_time_each_under_one_certificate(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        CustomerKey[] many = [.. Enumerable.Range(0, DeleteWhatIsDue.AtOnce + 1).Select(number => new CustomerKey($"c{number:000}"))];
        var id = await Finished(server, archive: true, many);

        await RunOn(server, 366);

        var deletions = (await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions.Where(one => one.Kind == DataKind.Usage).ToList();
        Assert.Equal(2, deletions.Count);
        Assert.Equal([.. many, Delta, Huaxin], deletions.SelectMany(one => one.Customers).OrderBy(customer => customer.Value, StringComparer.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task The_certificate_is_opened_and_downloaded_and_names_the_fact_that_proves_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);
        await Use(server);
        await RunOn(server, 366);
        var deletion = (await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions.Single(one => one.Kind == DataKind.Usage);
        using var compliance = await Browser.SignIn(server, "co@vendor.test", Role.Compliance);
        using var api = await server.As("co@vendor.test", Role.Compliance);

        var page = await compliance.Open($"/retirements/{id}/certificates/{deletion.Id}");
        var file = (await api.GetFromJsonAsync<CertificateFile>($"/api/v1/retirements/{id}/certificates/{deletion.Id}", Json.Stored, Cancel))!;

        Assert.Contains("Certificate of deletion", page.Text);
        Assert.Contains(file.FactSha256, page.Text);
        Assert.Equal((deletion.ContentSha256, deletion.Count, true), (file.ContentSha256, file.Count, file.Chain));
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.Equal(file.FactSha256, Convert.ToHexStringLower((await db.Set<FactRow>().SingleAsync(fact => fact.Retirement == id && fact.Customer == "" && fact.Version == file.Fact, Cancel)).Hash));
        Assert.Contains("Certificates of deletion", (await compliance.Open($"/retirements/{id}/close")).Text);
    }

    [Theory, EachDatabase]
    public async Task Archives_outlive_everything_else_and_end_too(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);

        await RunOn(server, 3_650);
        Assert.NotNull(await server.Get<Archives>().Content(id, Cancel));
        await RunOn(server, 3_651);

        Assert.Null(await server.Get<Archives>().Content(id, Cancel));
        Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions, one => one.Kind == DataKind.Archives && one.Count == 1);
        Assert.Equal("archive.destroyed", (await server.Get<Archives>().Make(id, "ops@vendor.test", Cancel)).Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task Who_saw_a_notice_goes_with_the_use_and_what_was_sent_with_a_period_of_its_own(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Finished(server, archive: true);
        await server.Get<Outbox>().Add([new Draft(new MessageKey(id, Huaxin, "notice-1", "anna@huaxin.test", "email"), "anna@huaxin.test", new Letter("Subject", "<p>Anna</p>", "Anna", "en"))], Cancel);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        await db.Set<MessageRow>().ExecuteUpdateAsync(set => set.SetProperty(message => message.State, MessageState.Sent), Cancel);
        await db.Database.ExecuteSqlAsync($"insert into in_app_view (retirement, customer, user_name, edition) values ({id.ToString()}, {Huaxin.Value}, 'anna', 1)", Cancel);

        await RunOn(server, 366);
        Assert.Equal((0, 1), (await Views(), await db.Set<MessageRow>().CountAsync(Cancel)));
        await RunOn(server, 1_096);
        Assert.Equal(0, await db.Set<MessageRow>().CountAsync(Cancel));
        Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Closing.Deletions, one => one.Kind == DataKind.Notices && one.Count == 1);

        async Task<int> Views() => (await db.Database.SqlQuery<string>($"select user_name as \"Value\" from in_app_view").ToListAsync(Cancel)).Count;
    }

    /// <summary>Runs the step so many days after the closing. The server's clock stays: a year of its timers would be lived through.</summary>
    private static Task RunOn(ServerUnderTest server, int days) => server.Get<DeleteWhatIsDue>().Run(ServerUnderTest.Start.AddDays(days), Cancel);

    private static Task Use(ServerUnderTest server) => server.Import("""
        time,module,customer,user
        2026-11-10T10:00:00Z,rooms-legacy,huaxin,anna
        2026-11-10T10:00:00Z,rooms-legacy,huaxin,only-old
        2026-11-11T10:00:00Z,rooms-legacy,huaxin,only-old
        2026-11-10T10:00:00Z,spaces,huaxin,anna
        2026-11-10T10:01:00Z,spaces,huaxin,anna
        2026-11-10T10:00:00Z,rooms-legacy,delta,dora
        2026-11-10T10:00:00Z,spaces,delta,dora

        """);

    private static async Task Spoken(ServerUnderTest server, RetirementId id, params CustomerKey[] customers)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        db.AddRange(customers.Select(customer => new ToolRunRow
        {
            Id = Guid.CreateVersion7(), Retirement = id, Customer = customer.Value, Version = 1, Tool = Guid.CreateVersion7(), DryRun = true, State = ToolRunState.Ended, Output = "40 rooms of anna", RecordedAt = ServerUnderTest.Start,
        }));
        await db.SaveChangesAsync(Cancel);
    }

    private static async Task<bool> Speaks(ServerUnderTest server, CustomerKey customer)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return await db.Set<ToolRunRow>().AnyAsync(run => run.Customer == customer.Value && run.Output != "", Cancel);
    }

    private static async Task<string> Names(ServerUnderTest server)
    {
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        var blocks = await db.Database.SqlQuery<byte[]>($"select names as \"Value\" from usage_user").ToListAsync(Cancel);
        return string.Join('\n', blocks.Select(block => Encoding.UTF8.GetString(block)));
    }

    private static async Task<RetirementId> Finished(ServerUnderTest server, bool archive, params CustomerKey[] others)
    {
        var id = RetirementId.New();
        var log = server.Get<FactLog>();
        EntryFact[] Closed(string name) => [new EntryOpened(Text.Same(name), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"), new CustomerClosed(ServerUnderTest.Start)];
        await log.Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted(), new ClosingConfirmed("go"), new ObservationStarted(new DateOnly(2026, 12, 5)))
            .And(Decision.Of(Huaxin, Closed("Huaxin Bank"))).And(Decision.Of(Delta, Closed("Delta"))).And(Decision.All(others.SelectMany(other => Closed(other.Value).Select(fact => ((CustomerKey?)other, (Fact)fact))))), Cancel);
        if (archive)
        {
            await server.Get<Archives>().Make(id, "ops@vendor.test", Cancel);
            await server.Get<Archives>().Verify(id, "ops@vendor.test", Cancel);
        }
        await log.Change(id, "lin@vendor.test", _ => Decision.Of(new RetirementFinished("Ask earlier.", "Thanks.")), Cancel);
        return id;
    }
}
