namespace Sunsetter.Gates.Tests;

public sealed class SnapshotReaderTests
{
    private const string Segment = """{ "from": "2026-12-01T00:00:00.000Z", "state": "warned", "reason": "closing-announced" }""";

    public static TheoryData<string, string, string, string> Broken => new()
    {
        { "\"format\": 1", "\"format\": 2", "format", "$.format" },
        { "\"version\": 42", "\"version\": -1", "value", "$.version" },
        { "\"version\": 42", "\"version\": 4.2", "value", "$.version" },
        { "\"version\": 42", "\"version\": 9007199254740992", "value", "$.version" },
        { "\"version\": 42", "\"version\": \"42\"", "type", "$.version" },
        { "\"version\": 42, ", "", "missing", "$.version" },
        { "\"2026-11-22T16:00:00.000Z\"", "\"2026-11-22T16:00:00+00:00\"", "value", "$.issuedAt" },
        { "\"2026-11-22T16:00:00.000Z\"", "\"2026-02-29T16:00:00.000Z\"", "value", "$.issuedAt" },
        { "\"key\": \"rooms-legacy\"", "\"key\": \"\"", "value", "modules[0].key" },
        { "\"state\": \"brownout\"", "\"state\": \"asleep\"", "value", "modules[0].timelines.k3v9q2m1[1].state" },
        { "\"reason\": \"rehearsal\"", "\"reason\": \"Re hearsal\"", "value", "modules[0].timelines.k3v9q2m1[1].reason" },
        { "\"share\": 50", "\"share\": 100", "value", "modules[0].timelines.k3v9q2m1[3].share" },
        { "\"share\": 50", "\"share\": 0", "value", "modules[0].timelines.k3v9q2m1[3].share" },
        { "\"share\": 50", "\"share\": 0.001", "value", "modules[0].timelines.k3v9q2m1[3].share" },
        { "\"share\": 50", "\"share\": \"50\"", "value", "modules[0].timelines.k3v9q2m1[3].share" },
        { "2026-12-12T02:15:00.000Z", "2026-12-12T01:15:00.000Z", "order", "modules[0].timelines.k3v9q2m1[2].from" },
        { "2026-12-12T02:15:00.000Z", "2026-12-12T02:00:00.000Z", "order", "modules[0].timelines.k3v9q2m1[2].from" },
        { "\"default\": \"k3v9q2m1\"", "\"default\": \"gone\"", "reference", "modules[0].default" },
        { "\"huaxin\": \"p07xx4tz\"", "\"huaxin\": \"gone\"", "reference", "modules[0].customers.huaxin" },
        { "\"huaxin\": \"p07xx4tz\"", "\"huaxin\": 1", "type", "modules[0].customers.huaxin" },
        { "\"huaxin\": \"p07xx4tz\"", "\"huaxin\": null", "type", "modules[0].customers.huaxin" },
        { "https://example.com/spaces", "javascript:alert(1)", "value", "modules[0].alternative.url" },
        { "\"format\": 1,", "\"format\": 1, \"format\": 1,", "json", "$" },
        { "\"modules\": [", "\"modules\": [ 7,", "type", "modules[0]" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_named_with_its_place(string part, string replacement, string code, string path)
    {
        Assert.Contains(part, WireExample.Snapshot, StringComparison.Ordinal);
        var reading = Read(WireExample.Snapshot.Replace(part, replacement, StringComparison.Ordinal));
        Assert.Null(reading.Snapshot);
        Assert.Contains(reading.Errors, e => e.Code == code && e.Path == path);
    }

    [Fact]
    public void Every_error_is_collected_and_the_snapshot_refused_whole()
    {
        var reading = Read(WireExample.Snapshot.Replace("\"share\": 50", "\"share\": 500", StringComparison.Ordinal)
            .Replace("\"default\": \"k3v9q2m1\"", "\"default\": \"gone\"", StringComparison.Ordinal).Replace("\"version\": 42, ", "", StringComparison.Ordinal));
        Assert.Null(reading.Snapshot);
        Assert.Superset(new HashSet<string> { "missing", "value", "reference" }, reading.Errors.Select(e => e.Code).ToHashSet());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("// no\n{}")]
    [InlineData("NaN")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_is_one_error_with_its_place(string text)
    {
        var error = Assert.Single(Read(text).Errors);
        Assert.Equal("json", error.Code);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Equal("json", Assert.Single(GateSnapshot.Read([(byte)'"', 0xC3, 0x28, (byte)'"']).Errors).Code);

    [Fact]
    public void Nesting_beyond_sixteen_is_refused()
    {
        Assert.DoesNotContain(Read(new string('[', 16) + new string(']', 16)).Errors, e => e.Code == "json");
        Assert.Equal("json", Assert.Single(Read(new string('[', 17) + new string(']', 17)).Errors).Code);
        Assert.Equal("json", Assert.Single(Read(new string('[', 1_000_000)).Errors).Code);
    }

    [Fact]
    public void A_hostile_document_gets_at_most_a_hundred_errors()
    {
        var reading = Read($$"""{ "format": 1, "version": 1, "issuedAt": "2026-11-22T16:00:00Z", "modules": [ {{string.Join(",", Enumerable.Repeat("{}", 1000))}} ] }""");
        Assert.Equal(100, reading.Errors.Count);
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var reading = Read(WireExample.Snapshot.Replace("\"format\": 1,", "\"format\": 1, \"later\": { \"x\": [1, true, null] },", StringComparison.Ordinal)
            .Replace(Segment, Segment.Replace("}", ", \"later\": 1 }", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Empty(reading.Errors);
        Assert.Equal(42, reading.Snapshot!.Version);
    }

    [Fact]
    public void An_escaped_string_is_what_it_stands_for()
    {
        var reading = Read(WireExample.Snapshot.Replace("Ms Lin", "A\\u0042 \\\"\\\\\\/ \\ud83d\\ude00", StringComparison.Ordinal));
        Assert.Equal("AB \"\\/ 😀", reading.Snapshot!.Modules[0].Contact!.Name);
    }

    [Fact]
    public void What_was_written_reads_as_the_same()
    {
        var snapshot = WireExample.Read();
        var again = GateSnapshot.Read(snapshot.Write()).Snapshot!;
        Assert.True(Changing.DeltaBuilder.Same(snapshot.Modules[0], again.Modules[0]));
        Assert.Equal((snapshot.Version, snapshot.IssuedAt), (again.Version, again.IssuedAt));
    }

    [Theory]
    [InlineData("zh-CN", "旧版群聊室")]
    [InlineData("zh-TW", "旧版群聊室")]
    [InlineData("en-GB", "Legacy rooms")]
    [InlineData("fr", "Legacy rooms")]
    [InlineData(null, "Legacy rooms")]
    public void A_text_is_found_for_the_nearest_language(string? language, string text) =>
        Assert.Equal(text, WireExample.Read().Modules[0].Name.For(language));

    private static SnapshotReading Read(string json) => GateSnapshot.Read(WireExample.Utf8(json));
}
