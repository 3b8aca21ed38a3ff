using System.IO.Compression;
using System.Text;
using Sunsetter.Harness;
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

    [Fact]
    public async Task A_byte_order_mark_carriage_returns_quotes_and_any_order_of_columns_are_read()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var result = await server.Import("\uFEFFuser,\"customer\",time,module\r\n\"o\"\"neil, jr\",huaxin,2026-11-20T10:00:00+08:00,rooms\r\n\r\n\"a\nb\",huaxin,2026-11-20T10:00:00Z,rooms\r\nben,huaxin,2026-11-20T10:00:00Z,rooms");
        Assert.Equal((2, 1), (result.Accepted, result.Rejected));
        var users = await server.Get<UsageQuestions>().UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel);
        Assert.Equal(["ben", "o\"neil, jr"], users.Select(user => user.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_bad_line_is_kept_with_its_number_and_reason_and_stops_nothing()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var rejects = new StringWriter();
        var result = await server.Import("time,module,customer,user\nnever,rooms,huaxin,ann\n2026-11-20T10:00:00Z,rooms,huaxin,ann\n=1+1,\"rooms\n2026-11-20T10:00:00Z,rooms,,ben", rejects: rejects);
        Assert.Equal((1, 2), (result.Accepted, result.Rejected));
        var lines = rejects.ToString().Split('\n');
        Assert.StartsWith("2,import.time,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("4,import.line,", lines[2], StringComparison.Ordinal);
        Assert.Contains("\"'=1+1,\"\"rooms", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time=#3,user=#1,module='direct, messages',customer='uci',separator=space,header=no", "a b 1100000000\nc\td   1100000001\n", 2)]
    [InlineData("time=when,epoch=2004-01-01T00:00:00Z,user=who,module='m',customer='c',separator=semicolon", "who;when\na;0\nb;86400\n", 2)]
    [InlineData("zone=Asia/Shanghai", "time,module,customer,user\n2026-11-20 07:00,m,c,a\n", 1)]
    public async Task Foreign_files_are_read_through_a_mapping(string map, string content, int accepted)
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
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

    [Fact]
    public async Task A_missing_column_is_named_with_those_that_are_there()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var refused = await server.Get<UsageImport>().Run(new MemoryStream("when,module,customer,user\n"u8.ToArray()), new UsageMapping(), null, null, Cancel);
        Assert.Equal("import.column", refused.Refusal?.Code);
        Assert.Contains("when, module, customer, user", refused.Refusal!.Sentence.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_file_is_read_and_a_torn_one_is_refused()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(Three));
        var import = server.Get<UsageImport>();
        Assert.Equal(3, (await import.Run(new MemoryStream(packed.ToArray()), new UsageMapping(), null, null, Cancel)).Value.Accepted);
        var torn = await import.Run(new MemoryStream([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), new UsageMapping(), null, null, Cancel);
        Assert.Equal("import.unpack", torn.Refusal?.Code);
    }

    [Fact]
    public async Task A_file_of_several_parts_is_counted_line_by_line()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var content = new StringBuilder("time,module,customer,user\n");
        for (var line = 0; line < UsageImport.LinesOfPart + 1; line++)
            content.Append("1795255200,rooms,huaxin,u").Append(line % 1000).Append('\n');
        var result = await server.Import(content.ToString());
        Assert.Equal(UsageImport.LinesOfPart + 1, result.Accepted);
        Assert.Contains($" 1000 {UsageImport.LinesOfPart + 1}", await server.Dump(), StringComparison.Ordinal);
    }

    private static (long Accepted, long Repeated) Figures(UsageImportResult result) => (result.Accepted, result.Repeated);
}
