using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>Gathers what waits for one person from every stage, the most urgent first.</summary>
internal sealed class WhatNeedsMe(FactLog log, KeptNeeds needs, People people)
{
    /// <param name="Mine">Waits for this very person, or for one of their roles.</param>
    /// <param name="Others">Waits for somebody else.</param>
    internal sealed record Result(IReadOnlyList<Need> Mine, IReadOnlyList<Need> Others);

    public async Task<Result> Of(Actor actor, DateTimeOffset now, CancellationToken cancel)
    {
        // That it is called off must reach everybody who was told.
        var all = await needs.Of((await log.All(cancel)).Where(retirement => retirement.Stage == Stage.Cancelled || !retirement.Ended), now, cancel);
        // What waits for one who has left, or was never here, waits for everybody who could do it: else nobody would see it.
        var here = (await people.All(cancel)).Select(one => one.Person.Email!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var byUrgency = all.Select(need => need.Person is { } person && !here.Contains(person) ? need with { Person = null } : need).OrderByDescending(need => need.Urgency).ThenByDescending(need => need.Stage).ToLookup(need => Concerns(need, actor));
        return new Result([.. byUrgency[true]], [.. byUrgency[false]]);
    }

    private static bool Concerns(Need need, Actor actor) =>
        string.Equals(need.Person, actor.Id, StringComparison.OrdinalIgnoreCase) || need.Person is null && (need.Roles.Any(actor.Roles.Contains) || actor.Roles.Contains(Role.Administrator));
}
