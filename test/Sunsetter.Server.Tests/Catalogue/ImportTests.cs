using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Catalogue;

public sealed class ImportTests
{
    private const string Customers = "key,name,tier,account_manager,annual_value,currency,contract_notice_days,time_zone,locale\n"
        + "huaxin,华信银行,enterprise,yue@vendor.test,1200000.50,CNY,180,Asia/Shanghai,zh-CN\n"
        + "orbit,\"Orbit, Labs\",business,,96000,USD,,America/New_York,en\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_file_read_twice_changes_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var first = await Import(lin, "customers", Customers);
        var second = await Import(lin, "customers", Customers);

        Assert.Equal((2, 2, 0, 0, 0), Counts(first));
        Assert.Equal((2, 0, 0, 2, 0), Counts(second));
        var huaxin = await lin.GetFromJsonAsync<JsonElement>("/api/v1/customers/huaxin", Cancel);
        Assert.Equal(("华信银行", 1200000.50m, 180), (huaxin.GetProperty("nameEn").GetString(), huaxin.GetProperty("annualValue").GetDecimal(), huaxin.GetProperty("contractNoticeDays").GetInt32()));
    }

    [Theory, EachDatabase]
    public async Task What_a_file_names_twice_is_changed_once(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        await Import(lin, "modules", "key,name\nrooms,Rooms\n");
        await Import(lin, "customers", Customers);
        // Far enough from each other to be read in two batches.
        var between = string.Concat(Enumerable.Range(0, 600).Select(number => $"c{number},free\n"));

        Assert.Equal((2, 0, 1, 1, 0), Counts(await Import(lin, "modules", "key,name\nrooms,Old rooms\nrooms,Older rooms\n")));
        Assert.Equal((602, 600, 1, 1, 0), Counts(await Import(lin, "customers", $"key,tier\norbit,free\n{between}orbit,standard\n")));
        Assert.Equal("standard", (await lin.GetFromJsonAsync<JsonElement>("/api/v1/customers/orbit", Cancel)).GetProperty("tier").GetString());
        Assert.Equal((2, 1, 0, 1, 0), Counts(await Import(lin, "contacts", "customer,email,name\norbit,o@orbit.test,O\norbit,O@orbit.test,Olga\n")));
    }

    [Theory, EachDatabase]
    public async Task A_bad_line_stops_nothing_and_lands_in_the_rejects_with_its_number_and_reason(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        var file = Customers
            + "bad-zone,X,standard,,1,CNY,30,Mars/Olympus,en\n"
            + "nul\0key,X,standard,,1,CNY,30,Asia/Shanghai,en\n"
            + "bad-number,X,standard,,\"1,000\",CNY,30,Asia/Shanghai,en\n"
            + "bad-currency,X,standard,,1,ABC,30,Asia/Shanghai,en\n"
            + "=cmd()," + new string('x', 121) + ",standard,,1,CNY,30,Asia/Shanghai,en\n"
            + "good,Good,standard,,1,CNY,30,Asia/Shanghai,en\n";

        var answer = await Import(lin, "customers", file);
        var rejects = await lin.GetStringAsync(answer.GetProperty("rejects").GetString(), Cancel);

        Assert.Equal((8, 3, 0, 0, 5), Counts(answer));
        Assert.Equal(
            [(4L, "catalogue.bad-time-zone"), (5L, "customer.bad-key"), (6L, "catalogue.bad-number"), (7L, "catalogue.bad-currency"), (8L, "catalogue.too-long")],
            answer.GetProperty("firstRejects").EnumerateArray().Select(reject => (reject.GetProperty("line").GetInt64(), reject.GetProperty("code").GetString()!)));
        Assert.Contains("4,catalogue.bad-time-zone,“Mars/Olympus” is no IANA time zone.", rejects);
        Assert.Contains("不是 IANA 时区", rejects);
        Assert.Contains("\"'=cmd(),", rejects);
    }

    [Theory, EachDatabase]
    public async Task A_packed_file_with_a_byte_order_mark_and_CRLF_is_read_like_any_other(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(new UTF8Encoding(true).GetPreamble().Concat(Encoding.UTF8.GetBytes(Customers.Replace("\n", "\r\n"))).ToArray(), Cancel);

        var answer = await Import(lin, "customers", packed.ToArray());

        Assert.Equal((2, 2, 0, 0, 0), Counts(answer));
    }

    [Theory, EachDatabase]
    public async Task A_foreign_file_is_read_by_mapping_and_its_other_columns_are_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await Import(lin, "customers?map=key=Tenant%20ID&map=name=Company", "Tenant ID,Company,Fax\nhuaxin,Huaxin Bank,123\n");

        Assert.Equal(["Fax"], answer.GetProperty("unknownColumns").EnumerateArray().Select(column => column.GetString()!));
        Assert.Equal("Huaxin Bank", (await lin.GetFromJsonAsync<JsonElement>("/api/v1/customers/huaxin", Cancel)).GetProperty("nameEn").GetString());
    }

    [Theory, EachDatabase]
    public async Task Modules_may_name_each_other_in_any_order(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await Import(lin, "modules", """
            key,name,class,owner,depends_on,replacements,capabilities
            rooms-legacy,Legacy rooms,core,Rooms team,direct;files,spaces,group chat;history search
            spaces,Spaces,core,Rooms team,direct,,group chat
            direct,Direct messages,enterprise-critical,Core team,,,
            files,Files,core,Files team,nowhere,,
            archive,Archive,core,Files team,files,,
            """);

        // "files" needs an unknown module; the legacy rooms and the archive need "files" and fall with it.
        Assert.Equal((5, 2, 0, 0, 3), Counts(answer));
        Assert.All(answer.GetProperty("firstRejects").EnumerateArray(), reject => Assert.Equal("module.unknown-dependency", reject.GetProperty("code").GetString()));
    }

    [Theory, EachDatabase]
    public async Task Of_a_circle_of_dependencies_one_line_is_refused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await Import(lin, "modules", "key,depends_on\na,b\nb,\nc,a\nb,c\n");

        Assert.Equal((4, 3, 0, 0, 1), Counts(answer));
        Assert.Equal("module.dependency-cycle", answer.GetProperty("firstRejects")[0].GetProperty("code").GetString());
    }

    [Theory, EachDatabase]
    public async Task A_contact_of_an_unknown_customer_is_rejected(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        await Import(lin, "customers", Customers);

        var answer = await Import(lin, "contacts", "customer,email,name,role\nhuaxin,ZHAO@huaxin.test,Zhao Min,administrator\nhuaxin,zhao@huaxin.test,Zhao Min,administrator\nnobody,x@y.test,X,technical\nhuaxin,not-an-address,X,technical\n");

        Assert.Equal((4, 1, 0, 1, 2), Counts(answer));
        Assert.Equal(["contact.unknown-customer", "catalogue.bad-email"], answer.GetProperty("firstRejects").EnumerateArray().Select(reject => reject.GetProperty("code").GetString()!));
    }

    [Theory, EachDatabase]
    public async Task Two_gigabytes_are_refused_before_the_first_byte_is_read(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        lin.DefaultRequestHeaders.ExpectContinue = true;

        var answer = await lin.PostAsync("/api/v1/imports/customers", new Endless(2L << 30), Cancel);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "import.too-large"), (answer.StatusCode, (await Problem(answer)).Code));
    }

    [Theory, EachDatabase]
    public async Task A_file_that_does_not_say_its_size_is_read_to_the_bound_and_no_further(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new ImportSettings { MostMegabytes = 1 }, "test", Cancel);
        var lin = await server.As("lin@vendor.test", Role.Product);
        var lines = Encoding.UTF8.GetBytes("key,name\n" + string.Concat(Enumerable.Range(0, 200_000).Select(number => $"c{number},Name\n")));

        var answer = await lin.PostAsync("/api/v1/imports/customers", new Endless(null, lines), Cancel);

        Assert.Equal("import.too-large", (await Problem(answer)).Code);
    }

    [Theory, EachDatabase]
    public async Task A_packed_bomb_is_read_to_the_bound_and_no_further(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new ImportSettings { MostUnpackedMegabytes = 1 }, "test", Cancel);
        var lin = await server.As("lin@vendor.test", Role.Product);
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("key\n" + new string('a', 5_000_000)), Cancel);

        var answer = await lin.PostAsync("/api/v1/imports/customers", new ByteArrayContent(packed.ToArray()), Cancel);

        Assert.Equal("import.too-large-unpacked", (await Problem(answer)).Code);
    }

    [Theory]
    [EachDatabase("", "import.empty")]
    [EachDatabase("name,tier\nX,standard\n", "import.column-missing")]
    [EachDatabase("PK\u0003\u0004rest of a workbook", "import.workbook")]
    [EachDatabase("\u001f\u008bno gzip at all", "import.bad-gzip")]
    public async Task What_is_no_list_of_customers_is_refused_with_a_sentence(Database database, string file, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await lin.PostAsync("/api/v1/imports/customers", new ByteArrayContent(Encoding.Latin1.GetBytes(file)), Cancel);

        Assert.Equal(code, (await Problem(answer)).Code);
    }

    [Theory]
    [EachDatabase("customers", "key\n", "import.bad-gzip")]
    [EachDatabase("usage?map=module='rooms'", "time,customer\n", "import.unpack")]
    public async Task A_packed_file_that_was_cut_off_does_not_pass_for_a_whole_one(Database database, string kind, string header, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(header + string.Concat(Enumerable.Range(0, 5000).Select(number => kind == "customers" ? $"c{number}\n" : $"{1_790_000_000 + number},huaxin\n"))), Cancel);

        var answer = await root.PostAsync($"/api/v1/imports/{kind}", new ByteArrayContent(packed.ToArray()[..(int)(packed.Length / 2)]), Cancel);

        Assert.Equal(code, (await Problem(answer)).Code);
    }

    [Theory, EachDatabase]
    public async Task A_line_with_cells_beyond_the_last_column_is_rejected_and_one_that_ends_early_empties_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);
        await Import(root, "customers", Customers);

        // A comma that is not quoted would make “ Labs” the tier; a file that was cut off would take away what the contract promises.
        var answer = await Import(root, "customers", "key,name,tier,contract_notice_days\norbit,Orbit, Labs,business,30\nhuaxin,Huaxin Bank\nother,Other,standard,30,,\n");
        var use = await Import(root, "usage", "time,module,customer,user\n1790000000,rooms,huaxin,Lee, Ann\n1790000000,rooms,huaxin,Lee,\n");

        Assert.Equal((3, 1, 1, 0, 1), Counts(answer));
        Assert.Equal((2, 1, 0, 0, 1), Counts(use));
        Assert.All([answer, use], one => Assert.Equal("import.too-many-cells", one.GetProperty("firstRejects")[0].GetProperty("code").GetString()));
        Assert.Equal(180, (await root.GetFromJsonAsync<JsonElement>("/api/v1/customers/huaxin", Cancel)).GetProperty("contractNoticeDays").GetInt32());
    }

    [Theory]
    [EachDatabase("map=key", "import.bad-mapping")]
    [EachDatabase("map=shoe_size=key", "import.map-unknown-column")]
    [EachDatabase("map=key=Tenant", "import.map-missing-column")]
    public async Task A_mapping_that_cannot_be_meant_is_refused(Database database, string query, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await lin.PostAsync($"/api/v1/imports/customers?{query}", new StringContent(Customers), Cancel);

        Assert.Equal(code, (await Problem(answer)).Code);
    }

    [Theory, EachDatabase]
    public async Task Who_may_not_edit_the_catalogue_may_not_import(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var sam = await server.As("sam@vendor.test", Role.Sales);

        var answer = await sam.PostAsync("/api/v1/imports/customers", new StringContent(Customers), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<JsonElement> Import(HttpClient client, string kind, string file) => await Import(client, kind, Encoding.UTF8.GetBytes(file));

    private static async Task<JsonElement> Import(HttpClient client, string kind, byte[] file)
    {
        var answer = await client.PostAsync($"/api/v1/imports/{kind}", new ByteArrayContent(file), Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private static (long Lines, long Added, long Changed, long Unchanged, long Rejected) Counts(JsonElement run) =>
        (Of(run, "lines"), Of(run, "added"), Of(run, "changed"), Of(run, "unchanged"), Of(run, "rejected"));

    private static long Of(JsonElement run, string name) => run.GetProperty(name).GetInt64();

    private static async Task<(string? Code, string? Title)> Problem(HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return (problem.GetProperty("code").GetString(), problem.GetProperty("title").GetString());
    }

    /// <summary>A body of a given length, or of unknown length; it never lies in memory as a whole.</summary>
    private sealed class Endless(long? length, byte[]? content = null) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            content ??= new byte[1 << 16];
            for (var sent = 0L; sent < (length ?? content.Length); sent += content.Length)
                await stream.WriteAsync(content);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }
    }
}
