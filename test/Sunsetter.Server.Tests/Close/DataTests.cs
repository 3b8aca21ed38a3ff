using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Harness;
using Sunsetter.Server.Close;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class DataTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void An_untouched_package_verifies() => Assert.Null(Package.FirstBad(Sample()));

    [Fact]
    public void A_package_with_a_changed_file_names_it()
    {
        var package = Rewritten(Sample(), zip =>
        {
            zip.GetEntry("facts.ndjson")!.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("facts.ndjson").Open());
            writer.Write("{\"changed\":true}");
        });

        Assert.Equal("facts.ndjson", Package.FirstBad(package));
    }

    [Fact]
    public void A_package_without_one_of_its_files_names_it() => Assert.Equal("ledger.csv", Package.FirstBad(Rewritten(Sample(), zip => zip.GetEntry("ledger.csv")!.Delete())));

    [Fact]
    public void What_is_no_zip_at_all_is_bad() => Assert.Equal("manifest.json", Package.FirstBad(Encoding.UTF8.GetBytes("not a zip")));

    [Theory, EachDatabase]
    public async Task An_archive_is_made_read_again_and_verified(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server);
        var archives = server.Get<Archives>();

        var made = (await archives.Make(id, "co@vendor.test", Cancel)).Value;
        var verified = (await archives.Verify(id, "co@vendor.test", Cancel)).Value;

        Assert.Equal((made.Sha256, (DateTimeOffset?)ServerUnderTest.Start), (verified.Sha256, verified.VerifiedAt));
        Assert.Equal(made.Sha256, Package.Sha256((await archives.Content(id, Cancel))!));
    }

    [Theory, EachDatabase]
    public async Task Without_an_archive_there_is_nothing_to_verify(Database database)
    {
        await using var server = await ServerUnderTest.On(database);

        Assert.Equal("archive.none", (await server.Get<Archives>().Verify(await Begun(server), "co@vendor.test", Cancel)).Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task A_customers_export_holds_theirs_alone_and_none_of_our_notes(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server);
        var log = server.Get<FactLog>();
        await log.Change(id, new CustomerKey("orbit"), "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "Orbit's own question", "o@orbit.test")), Cancel);
        await log.Change(id, Told.Huaxin, "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer,
            new HelpRequested(Guid.CreateVersion7(), "=HYPERLINK(\"x\")", "li@huaxin.test"), new FollowUpLogged(FollowUpOutcome.Refuses, "They bluff", null, "")), Cancel);
        var success = await server.As("su@vendor.test", Role.Success);

        var request = await (await success.PostAsJsonAsync($"/api/v1/retirements/{id}/entries/huaxin/exports", new { contact = "li@huaxin.test" }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var content = await success.GetByteArrayAsync($"/api/v1/retirements/{id}/entries/huaxin/exports/{request.GetProperty("id").GetGuid()}", Cancel);

        var text = All(content);
        Assert.Contains("HYPERLINK", text);
        Assert.DoesNotContain("Orbit", text);
        Assert.DoesNotContain("They bluff", text);
        Assert.Null(Package.FirstBad(content));
    }

    [Theory, EachDatabase]
    public async Task While_one_export_of_a_customer_is_fetched_another_of_theirs_is_told_to_wait_and_other_customers_are_not(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, orbit, exports) = (await Begun(server), new CustomerKey("orbit"), server.Get<CustomerExport>());
        async Task<Guid> Asked(CustomerKey customer)
        {
            var export = Guid.CreateVersion7();
            await server.Get<FactLog>().Change(id, customer, "su@vendor.test", (_, entry) => new RequestExport(export, "su@vendor.test").Decide(entry, ServerUnderTest.Start), Cancel);
            return export;
        }
        var (first, second, other) = (await Asked(Told.Huaxin), await Asked(Told.Huaxin), await Asked(orbit));
        Task<Outcome<PushStreamHttpResult>> Fetch(CustomerKey customer, Guid export, HttpContext? request = null) => exports.Fetch(id, customer, export, "su@vendor.test", "file.zip", (request ?? new DefaultHttpContext()).Response, Cancel);

        var running = (await Fetch(Told.Huaxin, first)).Value;
        Assert.Equal(("export.busy", 429), ((await Fetch(Told.Huaxin, second)).Refusal!.Code, (await Fetch(Told.Huaxin, second)).Refusal!.Status));
        Assert.Null((await Fetch(orbit, other)).Refusal);

        await running.ExecuteAsync(new DefaultHttpContext { RequestServices = server.Get<IServiceProvider>() });
        var (request, ends) = (new DefaultHttpContext(), new EndOfRequest());
        request.Features.Set<IHttpResponseFeature>(ends);
        Assert.Null((await Fetch(Told.Huaxin, second, request)).Refusal);

        // Nobody asked for a byte of it, and the request is over.
        Assert.Equal("export.busy", (await Fetch(Told.Huaxin, second)).Refusal?.Code);
        await ends.Come();
        Assert.Null((await Fetch(Told.Huaxin, second)).Refusal);
    }

    private sealed class EndOfRequest : HttpResponseFeature
    {
        private readonly List<Func<Task>> waiting = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => waiting.Add(() => callback(state));

        public Task Come() => Task.WhenAll(waiting.Select(one => one()));
    }

    [Fact]
    public void No_link_fills_the_ledger_with_requests_for_exports()
    {
        var (now, entry) = (Told.Start, Told.Entry());
        for (var asked = 0; asked < RequestExport.Most; asked++)
            entry = entry.Apply(new Recorded(entry.Retirement, entry.Customer, entry.Version + 1, now, "customer:anna", new RequestExport(Guid.CreateVersion7(), "anna").Decide(entry, now).Answered<ExportRequested>()));

        new RequestExport(Guid.CreateVersion7(), "anna").Decide(entry, now + CustomerExport.Fetchable - TimeSpan.FromMilliseconds(1)).Refused("export.too-many");
        new RequestExport(Guid.CreateVersion7(), "anna").Decide(entry, now + CustomerExport.Fetchable).Answered<ExportRequested>();
    }

    [Fact]
    public void A_hold_is_lifted_once()
    {
        var id = Guid.CreateVersion7();
        var held = Told.Migrating(new PlaceLegalHold(id, null, "Case 17").Decide(Told.Migrating(), []).Answered<LegalHoldPlaced>());
        var lifted = held.Then("co@vendor.test", new LiftLegalHold(id, "Settled").Decide(held).Answered<LegalHoldLifted>());

        Assert.Single(held.Closing.HoldsInForce);
        Assert.Empty(lifted.Closing.HoldsInForce);
        new LiftLegalHold(id, "Again").Decide(lifted).Refused("hold.none");
    }

    [Fact]
    public void A_hold_without_a_reason_is_refused() => new PlaceLegalHold(Guid.CreateVersion7(), null, "").Decide(Told.Migrating(), []).Refused("reason.missing");

    private static byte[] Sample() => Package.Make("sample", ServerUnderTest.Start, "co@vendor.test", [("facts.ndjson", "{}\n"), ("ledger.csv", "customer\r\n")]);

    private static byte[] Rewritten(byte[] content, Action<ZipArchive> change)
    {
        using var buffer = new MemoryStream();
        buffer.Write(content);
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
            change(zip);
        return buffer.ToArray();
    }

    private static string All(byte[] content)
    {
        using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
        return string.Concat(zip.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        }));
    }

    private static async Task<RetirementId> Begun(ServerUnderTest server)
    {
        var id = RetirementId.New();
        EntryOpened Opened(string name) => new(Text.Same(name), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en");
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted())
            .And(Decision.Of(Told.Huaxin, Opened("Huaxin Bank"))).And(Decision.Of(new CustomerKey("orbit"), Opened("Orbit Labs"))), Cancel);
        return id;
    }
}
