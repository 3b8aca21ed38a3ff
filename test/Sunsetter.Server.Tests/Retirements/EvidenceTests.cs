using System.Net;
using System.Text;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements;

public sealed class EvidenceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task An_untouched_export_verifies(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, file) = await Export(server);

        var verdict = await Verify(file);

        Assert.Null(verdict.Fault);
        Assert.Equal((5, id), (verdict.Facts, verdict.Header!.Retirement));
    }

    [Theory, EachDatabase]
    public async Task Whoever_reads_evidence_slowly_keeps_nobody_from_writing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, _) = await Export(server);
        var log = server.Get<FactLog>();
        await using var reader = new SlowReader(() => log.Change(id, "lin@vendor.test", _ => Decision.Of(new RetirementDeferred(new(2027, 1, 1), "Not now.")), Cancel));

        Assert.True(await server.Get<EvidenceExport>().Write(id, "audit@vendor.test", reader, Cancel));

        Assert.Equal(Stage.Deferred, (await log.Find(id, Cancel))!.Stage);
        Assert.Null((await Verify(reader.ToArray())).Fault);
    }

    /// <summary>Between its first line and the next somebody changes the retirement.</summary>
    private sealed class SlowReader(Func<Task> meanwhile) : MemoryStream
    {
        private bool begun;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            if (!begun)
                await meanwhile();
            begun = true;
        }
    }

    [Theory, EachDatabase]
    public async Task Two_who_need_the_first_key_at_once_get_the_same(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var settings = server.Get<Settings>();

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => EvidenceKey.Of(settings, Cancel))));

        Assert.Single(keys.Select(key => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())).Distinct());
    }

    [Theory, EachDatabase]
    public async Task Any_changed_byte_is_found(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, file) = await Export(server);

        for (var at = 0; at < file.Length; at++)
        {
            var forged = (byte[])file.Clone();
            forged[at] ^= 1;
            Assert.True((await Verify(forged)).Fault is not null, $"byte {at} of {file.Length}");
        }
    }

    [Theory, EachDatabase]
    public async Task Any_cut_is_found(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, file) = await Export(server);

        for (var length = 0; length < file.Length; length++)
            Assert.True((await Verify(file[..length])).Fault is not null, $"cut to {length} of {file.Length}");
    }

    [Theory, EachDatabase]
    public async Task A_changed_fact_is_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, file) = await Export(server);
        var text = Encoding.UTF8.GetString(file);

        var verdict = await Verify(Encoding.UTF8.GetBytes(text.Replace("wave two", "wave 2wo")));

        Assert.Contains("Fact 3 of customer “huaxin”", verdict.Fault!.Value.En);
    }

    [Theory, EachDatabase]
    public async Task A_fact_left_out_is_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, file) = await Export(server);
        var lines = Encoding.UTF8.GetString(file).Split('\n').ToList();
        lines.RemoveAt(4);

        var verdict = await Verify(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        Assert.Contains("Fact 2 of customer “huaxin”", verdict.Fault!.Value.En);
    }

    [Theory, EachDatabase]
    public async Task Rubbish_never_throws(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, file) = await Export(server);
        await Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte.Array[0, 40]).SampleAsync(async (at, rubbish) =>
            Assert.NotNull((await Verify([.. file[..at], .. rubbish, 0, .. file[at..]])).Fault), iter: 300);
    }

    [Theory, EachDatabase]
    public async Task An_edit_in_the_database_shows(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, _) = await Export(server);
        var chain = server.Get<StoredChain>();
        Assert.Equal(new StoredChain.Result(5, null), await chain.Check(id, Cancel));
        await server.Get<CheckedChains>().Again(id, Cancel);

        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        await db.Database.ExecuteSqlAsync($"update fact set by = 'somebody.else@vendor.test' where customer = 'huaxin' and version = 2", Cancel);

        Assert.Equal(new StoredChain.Fault("huaxin", 2), (await chain.Check(id, Cancel)).FirstFault);
        // A long record shows it with its next check, a short one at the next look.
        Assert.Null((await server.Get<CheckedChains>().Of(id, CheckedChains.Long + 1, Cancel)).Result.FirstFault);
        Assert.NotNull((await server.Get<CheckedChains>().Of(id, CheckedChains.Long, Cancel)).Result.FirstFault);

        await db.Database.ExecuteSqlAsync($"delete from fact where customer = 'huaxin'", Cancel);
        Assert.Equal(new StoredChain.Fault("huaxin", 1), (await chain.Check(id, Cancel)).FirstFault);
    }

    [Theory, EachDatabase]
    public async Task Only_compliance_may_export(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, _) = await Export(server);

        var sales = await (await server.As("sam@vendor.test", Role.Sales)).GetAsync($"/api/v1/retirements/{id}/evidence", Cancel);
        var legal = await (await server.As("li@vendor.test", Role.Compliance)).GetAsync($"/api/v1/retirements/{id}/evidence", Cancel);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (sales.StatusCode, legal.StatusCode));
        Assert.Null((await Verify(await legal.Content.ReadAsByteArrayAsync(Cancel))).Fault);
    }

    private static Task<EvidenceVerdict> Verify(byte[] file) => EvidenceVerifier.Verify(new MemoryStream(file), Cancel);

    private static async Task<(RetirementId, byte[])> Export(ServerUnderTest server)
    {
        var log = server.Get<FactLog>();
        var id = RetirementId.New();
        var huaxin = new CustomerKey("huaxin");
        Decision proposal = new RetirementProposed(new ModuleKey("rooms-legacy"), null, new Text("Legacy rooms", "旧版群聊室"), "wang@vendor.test", []);
        await log.Begin(id, "lin@vendor.test", _ => proposal.And(new RetirementApproved()).And(Decision.Of(huaxin,
            new EntryOpened(new Text("Huaxin Bank", "华信银行"), "enterprise", CustomerClass.Key, null, "Asia/Shanghai", "zh-CN"),
            new WaveSet("wave one"), new WaveSet("wave two"))), Cancel);
        var file = new MemoryStream();
        Assert.True(await server.Get<EvidenceExport>().Write(id, "li@vendor.test", file, Cancel));
        return (id, file.ToArray());
    }
}
