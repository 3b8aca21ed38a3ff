using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Console;

public sealed class PageGuardTests
{
    [Theory, EachDatabase]
    public async Task No_answer_lets_scripts_from_elsewhere_run_in_it_or_others_frame_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = server.Stranger();

        foreach (var path in (string[])["/sign-in", "/announcements", "/no-such-page", "/api/v1/people", "/c/forged"])
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src 'unsafe-inline'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal(path.StartsWith("/c/", StringComparison.Ordinal) ? "no-referrer" : "same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        }
    }
}
