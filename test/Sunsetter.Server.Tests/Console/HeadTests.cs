using System.Net;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Console;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/sign-in", HttpStatusCode.OK), InlineData("/announcements", HttpStatusCode.OK), InlineData("/announcements/feed.atom", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK), InlineData("/", HttpStatusCode.Redirect), InlineData("/c/forged", HttpStatusCode.Forbidden)]
    public async Task Asked_with_HEAD_a_page_answers_as_to_GET_without_a_body(string path, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        using var client = server.Stranger();

        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
