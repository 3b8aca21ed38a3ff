using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class UsageImportTests
{
    private const string Three = "time,module,customer,user,count\n2026-11-20T10:00:00Z,rooms,huaxin,ann,2\n1795255200,rooms,huaxin,ben,\n2026-11-20T10:00:00Z,rooms,huaxin,ann,2\n";

    [Theory, EachDatabase]
    public async Task Equal_lines_are_separate_calls_and_the_same_file_again_changes_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        Assert.Equal((3, 0), Figures(await server.Import(Three)));
        var before = await server.Dump();
        Assert.Contains("rooms huaxin 2026-11-20 1 4", before, StringComparison.Ordinal);
        Assert.Equal((3, 3), Figures(await server.Import(Three, source: "renamed")));
        Assert.Equal(before, await server.Dump());
    }

    [Theory, EachDatabase]
    public async Task A_file_that_has_grown_counts_only_what_is_new(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Three);
        var result = await server.Import(Three + "2026-11-20T11:00:00Z,rooms,huaxin,cyd,5\n");
        Assert.Equal((4, 3), Figures(result));
        Assert.Contains("rooms huaxin 2026-11-20 2 9", await server.Dump(), StringComparison.Ordinal);
        await server.Import(Three + "2026-11-20T11:00:00Z,rooms,huaxin,cyd,5\n");
        Assert.Contains("rooms huaxin 2026-11-20 2 9", await server.Dump(), StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("\n")]
    [EachDatabase("\r\n")]
    public async Task A_file_that_grows_after_a_last_line_without_a_break_counts_only_what_is_new(Database database, string lineBreak)
    {
        await using var server = await ServerUnderTest.On(database);
        var whole = Three.Replace("\n", lineBreak, StringComparison.Ordinal);
        await server.Import(whole.TrimEnd());
        Assert.Equal((4, 3), Figures(await server.Import(whole + "2026-11-20T11:00:00Z,rooms,huaxin,cyd,5")));
        Assert.Equal((4, 4), Figures(await server.Import(whole + "2026-11-20T11:00:00Z,rooms,huaxin,cyd,5" + lineBreak)));
    }

    [Theory, EachDatabase]
    public async Task All_rejects_are_kept_in_pieces_and_the_first_are_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var bad = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"never,rooms,huaxin,u{number}\n"));

        var run = await client.PostAsync("/api/v1/imports/usage", new StringContent("time,module,customer,user\n" + bad), Cancel).Body();

        Assert.Equal((20_000, 20), (run.GetProperty("rejected").GetInt32(), run.GetProperty("firstRejects").GetArrayLength()));
        Assert.Equal((2, "import.time", "never,rooms,huaxin,u0"), (run.GetProperty("firstRejects")[0].GetProperty("line").GetInt32(), run.GetProperty("firstRejects")[0].GetProperty("code").GetString(), run.GetProperty("firstRejects")[0].GetProperty("record").GetString()));
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.InRange(await db.Set<Server.Catalogue.ImportRejectPart>().CountAsync(Cancel), 2, 10);
        Assert.Equal(20_001, (await client.GetStringAsync(run.GetProperty("rejects").GetString(), Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory, EachDatabase]
    public async Task A_file_that_unpacks_to_more_than_is_allowed_is_refused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        await server.Get<Settings>().Set(new Server.Catalogue.ImportSettings { MostUnpackedMegabytes = 1 }, "test", Cancel);
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes("time,module,customer,user\n".PadRight((1 << 20) + 1, '\n')));

        var answer = await client.PostAsync("/api/v1/imports/usage", new ByteArrayContent(packed.ToArray()), Cancel);

        Assert.Equal(System.Net.HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("import.too-large-unpacked", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_quote_that_does_not_close_costs_its_own_line_only(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var rejects = new StringWriter();
        string Line(string user) => $"2026-11-20T10:00:00Z,rooms,huaxin,{user}\n";
        // One that never closes, one in the middle of a field, which is text, and one that would close in the next quoted field.
        var result = await server.Import("time,module,customer,user\n" + Line("\"ann") + Line("b\"en") + Line("cyd") + Line("\"dan") + Line("\"eve\"") + Line("\"fay") + Line("gus"), rejects: rejects);

        Assert.Equal((4, 3), (result.Accepted, result.Rejected));
        Assert.Equal(["2", "5", "7"], rejects.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]));
    }

    [Theory, EachDatabase]
    public async Task Lines_without_a_user_are_calls_that_no_person_made(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        Assert.Equal(1, (await server.Import("time,module,customer\n2026-11-20T10:00:00Z,rooms,huaxin\n")).Accepted);
        Assert.Equal(1, (await server.Import("time,module,customer,user\n2026-11-20T11:00:00Z,rooms,huaxin,\n")).Accepted);
        var users = await server.Get<UsageQuestions>().UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel);
        Assert.Equal("(no user)", Assert.Single(users).Name);
    }

    [Theory]
    [EachDatabase("zone=Asia/Shanghai", "time,module,customer\n0001-01-01 00:00:00,m,c\n9999-12-31 23:59:59,m,c\n")]
    [EachDatabase("epoch=2004-01-01", "time,module,customer\nNaN,m,c\nInfinity,m,c\n")]
    public async Task Times_that_are_no_instants_are_rejected(Database database, string map, string content)
    {
        await using var server = await ServerUnderTest.On(database);
        var result = await server.Import(content, map);
        Assert.Equal((0, 2), (result.Accepted, result.Rejected));
    }

    [Theory]
    [EachDatabase("\uFEFFtime,module\n", "utf-16", "import.utf-16")]
    [EachDatabase("time,module,customer\r1,m,c\r", "utf-8", "import.line-breaks")]
    [EachDatabase("PK\u0003\u0004 and more", "utf-8", "import.workbook")]
    public async Task A_file_that_is_no_text_of_lines_is_refused_in_a_sentence(Database database, string content, string encoding, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var refused = await server.Get<UsageImport>().Run(new MemoryStream(Encoding.GetEncoding(encoding).GetBytes(content)), new UsageMapping(), null, null, Cancel);
        Assert.Equal(code, refused.Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task A_byte_order_mark_carriage_returns_quotes_and_any_order_of_columns_are_read(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var result = await server.Import("\uFEFFuser,\"customer\",time,module\r\n\"o\"\"neil, jr\",huaxin,2026-11-20T10:00:00+08:00,rooms\r\n\r\n\"a\nb\",huaxin,2026-11-20T10:00:00Z,rooms\r\nben,huaxin,2026-11-20T10:00:00Z,rooms");
        Assert.Equal((2, 1), (result.Accepted, result.Rejected));
        var users = await server.Get<UsageQuestions>().UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel);
        Assert.Equal(["ben", "o\"neil, jr"], users.Select(user => user.Name).Order(StringComparer.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task A_bad_line_is_kept_with_its_number_and_reason_and_stops_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var rejects = new StringWriter();
        var result = await server.Import("time,module,customer,user\nnever,rooms,huaxin,ann\n2026-11-20T10:00:00Z,rooms,huaxin,ann\n=1+1,\"rooms\n2026-11-20T10:00:00Z,rooms,,ben", rejects: rejects);
        Assert.Equal((1, 3), (result.Accepted, result.Rejected));
        var lines = rejects.ToString().Split('\n');
        Assert.StartsWith("2,import.time,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("4,import.line,", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("\"'=1+1,\"\"rooms\"", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("5,usage.customer-missing,", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("time=#3,user=#1,module='direct, messages',customer='uci',separator=space,header=no", "a b 1100000000\nc\td   1100000001\n", 2)]
    [EachDatabase("time=when,epoch=2004-01-01T00:00:00Z,user=who,module='m',customer='c',separator=semicolon", "who;when\na;0\nb;86400\n", 2)]
    [EachDatabase("zone=Asia/Shanghai", "time,module,customer,user\n2026-11-20 07:00,m,c,a\n", 1)]
    [EachDatabase("", "time\tmodule\tcustomer\tuser\n2026-11-20T07:00:00Z\tm\tc\ta,b\n", 1)]
    public async Task Foreign_files_are_read_through_a_mapping(Database database, string map, string content, int accepted)
    {
        await using var server = await ServerUnderTest.On(database);
        var result = await server.Import(content, map);
        Assert.Equal((accepted, 0), (result.Accepted, result.Rejected));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("time='now'")]
    [InlineData("colour=#1")]
    [InlineData("header=maybe")]
    [InlineData("zone=Mars/Olympus")]
    public void A_mapping_that_says_nothing_is_refused(string map) => Assert.Equal("import.map", UsageMapping.Parse(map).Refusal?.Code);

    [Theory, EachDatabase]
    public async Task A_missing_column_is_named_with_those_that_are_there(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var refused = await server.Get<UsageImport>().Run(new MemoryStream("when,module,customer,user\n"u8.ToArray()), new UsageMapping(), null, null, Cancel);
        Assert.Equal("import.column", refused.Refusal?.Code);
        Assert.Contains("when, module, customer, user", refused.Refusal!.Sentence.En, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_packed_file_is_read_and_a_torn_one_is_refused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(Three));
        var import = server.Get<UsageImport>();
        Assert.Equal(3, (await import.Run(new MemoryStream(packed.ToArray()), new UsageMapping(), null, null, Cancel)).Value.Accepted);
        var torn = await import.Run(new MemoryStream([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), new UsageMapping(), null, null, Cancel);
        Assert.Equal("import.unpack", torn.Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task A_file_of_several_parts_is_counted_line_by_line(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var content = new StringBuilder("time,module,customer,user\n");
        for (var line = 0; line < UsageImport.LinesOfPart + 1; line++)
            content.Append("1795255200,rooms,huaxin,u").Append(line % 1000).Append('\n');
        var result = await server.Import(content.ToString());
        Assert.Equal(UsageImport.LinesOfPart + 1, result.Accepted);
        Assert.Contains($" 1000 {UsageImport.LinesOfPart + 1}", await server.Dump(), StringComparison.Ordinal);
    }

    private static (long Accepted, long Repeated) Figures(UsageImportResult result) => (result.Accepted, result.Repeated);
}
