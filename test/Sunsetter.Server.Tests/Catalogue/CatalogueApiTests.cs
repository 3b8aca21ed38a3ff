using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Catalogue;

public sealed class CatalogueApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"nameEn":"Spaces","nameZh":"空间"}""")]
    [InlineData("""{"name":"Spaces","nameEn":"Rooms"}""")]
    [InlineData("""{"nameEn":"Rooms","name":"Spaces"}""")]
    public void A_name_that_was_read_can_be_sent_back(string sent)
    {
        Assert.Equal("Spaces", JsonSerializer.Deserialize<ModuleDraft>(sent, JsonSerializerOptions.Web)!.Name);
        Assert.Equal("Spaces", JsonSerializer.Deserialize<CustomerDraft>(sent, JsonSerializerOptions.Web)!.Name);
    }

    [Theory, EachDatabase]
    public async Task What_a_change_leaves_out_stays_as_it_is(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        await lin.PostAsJsonAsync("/api/v1/modules", new { key = "spaces", name = "Spaces", nameZh = "空间", @class = "core", monthlyCost = 1200 }, Cancel);

        var answer = await lin.PutAsJsonAsync("/api/v1/modules/spaces", new { owner = "Rooms team" }, Cancel);
        var module = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("空间", "core", "Rooms team", 1200), (module.GetProperty("nameZh").GetString(), module.GetProperty("class").GetString(), module.GetProperty("owner").GetString(), module.GetProperty("monthlyCost").GetInt32()));
    }

    [Theory, EachDatabase]
    public async Task A_replacement_that_is_being_retired_is_refused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        await lin.PostAsJsonAsync("/api/v1/modules", new { key = "spaces" }, Cancel);
        await server.Get<FactLog>().Begin(RetirementId.New(), "lin@vendor.test", _ => new RetirementProposed(new ModuleKey("spaces"), null, new Text("Spaces go", "空间退役"), "lin@vendor.test", []), Cancel);

        var answer = await lin.PostAsJsonAsync("/api/v1/modules", new { key = "rooms-legacy", replacements = new[] { "spaces" } }, Cancel);

        Assert.Equal("module.replacement-retiring", await Code(answer));
    }

    public static TheoryData<string, object, string> Wrong => new()
    {
        { "modules", new { key = "Upper Case" }, "module.bad-key" },
        { "modules", new { key = new string('a', 81) }, "module.bad-key" },
        { "modules", new { key = "a", @class = "huge" }, "module.bad-class" },
        { "modules", new { key = "a", dependsOn = new[] { "nowhere" } }, "module.unknown-dependency" },
        { "modules", new { key = "a", dependsOn = new[] { "a" } }, "module.dependency-cycle" },
        { "modules", new { key = "a", replacements = new[] { "nowhere" } }, "module.unknown-replacement" },
        { "modules", new { key = "a", replacements = new[] { "a" } }, "module.replaces-itself" },
        { "modules", new { key = "a", documentationUrl = "javascript:alert(1)" }, "catalogue.bad-address" },
        { "modules", new { key = "a", since = "2021-13-01" }, "module.bad-day" },
        { "customers", new { key = "a/b" }, "customer.bad-key" },
        { "customers", new { key = ".." }, "customer.bad-key" },
        { "customers", new { key = "a", timeZone = "China Standard Time" }, "catalogue.bad-time-zone" },
        { "customers", new { key = "a", contractNoticeDays = 3651 }, "customer.bad-notice" },
        { "customers", new { key = "a", annualValue = -1 }, "customer.bad-value" },
        { "customers", new { key = "a", locale = "chinese please" }, "catalogue.bad-locale" },
        { "customers", new { key = "a", accountManager = "Yue" }, "catalogue.bad-email" },
        { "contacts", new { customer = "nobody", email = "a@b.test" }, "contact.unknown-customer" },
    };

    [Theory, EachDatabase(RowsOf = nameof(Wrong))]
    public async Task What_cannot_be_meant_is_refused_with_its_field(Database database, string list, object body, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await lin.PostAsJsonAsync($"/api/v1/{list}", body, Cancel);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.NotEmpty(problem.GetProperty("field").GetString()!);
    }

    [Theory, EachDatabase]
    public async Task Adding_what_is_known_is_a_conflict(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var first = await lin.PostAsJsonAsync("/api/v1/customers", new { key = "huaxin", name = "Huaxin Bank" }, Cancel);
        var second = await lin.PostAsJsonAsync("/api/v1/customers", new { key = "huaxin", name = "Another" }, Cancel);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString();
}
