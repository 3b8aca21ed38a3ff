using System.Net;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Console;

public sealed class HeadTests
{
    [Theory]
    [EachDatabase("/sign-in", HttpStatusCode.OK), EachDatabase("/announcements", HttpStatusCode.OK), EachDatabase("/announcements/feed.atom", HttpStatusCode.OK)]
    [EachDatabase("/health/ready", HttpStatusCode.OK), EachDatabase("/", HttpStatusCode.Redirect), EachDatabase("/c/forged", HttpStatusCode.Forbidden)]
    public async Task Asked_with_HEAD_a_page_answers_as_to_GET_without_a_body(Database database, string path, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = server.Stranger();

        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
