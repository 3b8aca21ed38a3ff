using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Decide;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>Work is given to somebody who works here: another address would wait for ever.</summary>
public sealed class GivenToNobodyTests
{
    private static readonly Guid Help = Guid.CreateVersion7();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Whatever_is_given_to_an_address_of_nobody_is_refused_with_the_people_there_are(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await DecideFixture.On(server);
        var (root, gone) = (await server.As("root@vendor.test", Role.Administrator), (await server.Get<People>().Add("gone@vendor.test", "Gone", [Role.Support], "en", Cancel)).Value);
        await server.Get<People>().Leave(gone.Id, Cancel);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "pm@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new DutiesDrawnUp([new Duty("engineering.gates", Role.Engineering, Text.Same("Ask the gate"), Told.ClosesOn)]))
            .And(Decision.Of(Told.Huaxin, new EntryOpened(Text.Same("Huaxin Bank"), "enterprise", CustomerClass.Key, null, "UTC", "en"), new HelpRequested(Help, "How?", "li"), new CaseOpened("root@vendor.test", 1, 1, Told.Start))), Cancel);
        var entry = $"/api/v1/retirements/{id}/entries/huaxin";

        await Check($"/api/v1/retirements/{id}/cases/huaxin/assign", "owner", person => new { owner = person });
        await Check($"/api/v1/retirements/{id}/duties/engineering.gates/assign", "person", person => new { person });
        await Check($"{entry}/follow-up/assign", "to", person => new { to = person });
        await Check($"{entry}/help/{Help}/take", "owner", person => new { owner = person });
        await Check("/api/v1/retirements", "owner", person => new { module = "search", owner = person, reasons = new[] { new { kind = "technical-renewal", explanation = new { en = "Old.", zh = "旧。" } } } });

        async Task Check(string path, string field, Func<string, object> wanted)
        {
            foreach (var nobody in new[] { "typo@vendor.test", "gone@vendor.test" })
            {
                var answer = await root.PostAsJsonAsync(path, wanted(nobody), Cancel);
                var refusal = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
                Assert.Equal((HttpStatusCode.NotFound, "not-found", field), (answer.StatusCode, refusal.GetProperty("code").GetString(), refusal.GetProperty("field").GetString()));
                Assert.Contains($"“{nobody}”", refusal.GetProperty("title").GetString());
                Assert.Contains("lin (lin@vendor.test)", refusal.GetProperty("title").GetString());
            }
            Assert.True((await root.PostAsJsonAsync(path, wanted("wang@vendor.test"), Cancel)).IsSuccessStatusCode, path);
        }
    }
}
