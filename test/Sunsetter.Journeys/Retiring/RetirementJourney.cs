using Sunsetter.Harness;
using Sunsetter.Journeys.Harness;

namespace Sunsetter.Journeys.Retiring;

public sealed class RetirementJourney
{
    [Theory, EachDatabase]
    public async Task A_module_is_retired_from_the_first_doubt_to_the_verified_evidence(Database database)
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var story = await Story.BeginAsync(database);

        await story.ImportAsync();
        await story.DecideAsync();
        await story.AnnounceAsync();
        await story.MigrateAsync();
        await story.CloseAsync();
        await story.ObserveAsync();
        await story.ProveAsync();
    }
}
