using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>Tells the demo's retirements, each as far as it has come by today. A story that the rules refuse ends there and is named in the log.</summary>
internal sealed partial class DemoTelling(DemoPast past, DemoWorld world, ILogger log)
{
    private readonly DemoDecisions decisions = new(past, world);
    private readonly DemoCourse course = new(past, world);
    private readonly DemoTool tool = new(past, world);

    public async Task All(CancellationToken cancel)
    {
        var known = (await past.Get<FactLog>().All(cancel)).Select(retirement => retirement.Module.Value).ToHashSet();
        foreach (var story in DemoStories.All.Where(story => !known.Contains(story.Module)))
            if ((await Tell(story, cancel)).Refused(out var refusal))
                Ended(story.Module, refusal.Code, refusal.Sentence.En);
        await MarkTheContactWhoLeft(cancel);
    }

    private async Task<Outcome<Retirement>> Tell(DemoStory story, CancellationToken cancel)
    {
        var outcome = await decisions.Propose(story, cancel);
        if (outcome.Refusal is not null)
            return outcome;
        var id = outcome.Value.Id;
        if (story == DemoStories.Voice)
            return await decisions.Reject(id, story, "Customers with drivers and emergency lines cannot do without dial-in. Come back with a plan for them. / 有司机与应急热线的客户离不开电话拨入。请先为他们拟定方案。", cancel);
        if (story == DemoStories.Live)
            return await decisions.Defer(id, story, "No partner is chosen yet. / 尚未选定合作伙伴。", cancel);
        if (story == DemoStories.Pulse)
            return await decisions.Approve(id, story, roles: 3, cancel);

        outcome = await decisions.Approve(id, story, roles: 4, cancel);
        if (outcome.Refusal is null)
            outcome = await decisions.Schedule(id, story, cancel);
        if (outcome.Refusal is not null)
            return outcome;
        await course.Tell(outcome.Value, cancel);
        if (story.Reaches >= Stage.Migrate)
            await course.Move(outcome.Value, DemoUse.Moves.TryGetValue(story.Module, out var move) ? move.Began : story.Approved - 30, cancel);
        if (story == DemoStories.Rooms)
            await tool.Run(id, cancel);
        if (story.Reaches == Stage.Migrate)
            await course.Struggle(outcome.Value, cancel);
        if (story.Reaches >= Stage.Observe)
            await course.Close(outcome.Value, cancel);
        if (story.Reaches == Stage.Finished)
            return await course.Finish(outcome.Value, cancel);
        return outcome;
    }

    private async Task MarkTheContactWhoLeft(CancellationToken cancel)
    {
        var customer = new CustomerKey(DemoCustomers.Left);
        await using var db = await past.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel);
        var administrator = await db.Set<Contact>().FirstAsync(contact => contact.Customer == customer && contact.Role == "administrator", cancel);
        past.At(world.Today.AddDays(-19), 10);
        (administrator.DeadSince, administrator.DeadReason) = (past.Now, "550 5.1.1 user unknown");
        await db.SaveChangesAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo's story of {Module} ends early: {Code}: {Sentence}")]
    private partial void Ended(string module, string code, string sentence);
}
