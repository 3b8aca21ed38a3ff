using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Console;

public sealed class SupportSearchTests
{
    [Theory, EachDatabase]
    public async Task A_customer_is_found_by_key_and_names_however_they_are_spelt(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            db.Add(new Customer { Key = new("ACME-7"), NameEn = "Roadrunner Ltd", NameZh = "走鹃 Global 公司" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        foreach (var words in new[] { "acme-7", "ACME", "roadRUNNER", "GLOBAL 公司" })
        {
            Assert.Equal("ACME-7", Assert.Single(await server.Get<SupportSearch>().Find(words, TestContext.Current.CancellationToken)).Key.Value);
            Assert.Equal(1, (await server.Get<CustomerList>().Find(words, null, 1, TestContext.Current.CancellationToken)).Total);
        }
    }
}
