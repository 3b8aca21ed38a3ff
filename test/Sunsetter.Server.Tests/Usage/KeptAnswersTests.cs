using Microsoft.Extensions.Time.Testing;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class KeptAnswersTests
{
    [Theory]
    [InlineData(50, 1, true, false)]
    [InlineData(51, 59, true, true)]
    [InlineData(51, 59, false, false)]
    [InlineData(51, 60, true, false)]
    public async Task A_costly_answer_may_be_less_than_a_minute_old_where_that_is_allowed_and_others_are_as_new_as_what_was_written(int milliseconds, int seconds, bool mayBeLate, bool kept)
    {
        var clock = new FakeTimeProvider();
        using var answers = new KeptAnswers(clock);
        var sweeps = 0;
        Task<string> Sweep()
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return Task.FromResult($"sweep {++sweeps}");
        }
        await answers.Of("who?", stamp: 1, mayBeLate, Sweep, Cancel);
        Assert.Equal("sweep 1", await answers.Of("who?", stamp: 1, mayBeLate, Sweep, Cancel));

        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(kept ? "sweep 1" : "sweep 2", await answers.Of("who?", stamp: 2, mayBeLate, Sweep, Cancel));
        Assert.StartsWith("sweep", await answers.Of("what?", stamp: 2, mayBeLate, Sweep, Cancel), StringComparison.Ordinal);
        Assert.Equal(kept ? 2 : 3, sweeps);
    }
}
