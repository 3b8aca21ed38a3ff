using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>Gathers what waits for one person from every stage, the most urgent first.</summary>
internal sealed class WhatNeedsMe(FactLog log, ReadableRetirements retirements, KeptNeeds needs, People people)
{
    /// <param name="Mine">Waits for this very person, or for one of their roles, and they may do it.</param>
    /// <param name="Others">Waits for somebody else.</param>
    internal sealed record Result(IReadOnlyList<Need> Mine, IReadOnlyList<Need> Others);

    public async Task<Result> Of(Actor actor, DateTimeOffset now, CancellationToken cancel)
    {
        // That it is called off must reach everybody who was told.
        var all = await needs.Of((await log.All(cancel)).Where(retirement => retirement.Stage == Stage.Cancelled || !retirement.Ended), now, cancel);
        all = [.. all, .. retirements.Damaged.Select(one => Damaged(one.Key, one.Value.Module))];
        // What waits for one who has left, was never here or may not do it, waits for everybody who could do it: else nobody would see it.
        var here = (await people.All(cancel)).ToDictionary(one => one.Person.Email!, one => one.Roles, StringComparer.OrdinalIgnoreCase);
        var byUrgency = all.Select(need => need.Person is { } person && !(here.TryGetValue(person, out var roles) && need.MayBeDoneBy(person, roles, Permissions.Of(roles))) ? need with { Person = null } : need).OrderByDescending(need => need.Urgency).ThenByDescending(need => need.Stage).ToLookup(need => Concerns(need, actor));
        return new Result([.. byUrgency[true]], [.. byUrgency[false]]);
    }

    private static Need Damaged(RetirementId id, ModuleKey module) => new(Urgency.Late, Stage.Decide,
        new($"The retirement of {module} cannot be read", $"无法读取 {module} 的退役状态"),
        new($"Its stored state is damaged, so it stands still: nobody is told, measured or recorded as closed. Gates keep to what they hold. The log names the fault; its facts are in the table fact, retirement {id}.",
            $"其存储的状态已损坏，因此停滞：不再通知、测量或记录下线。闸门仍按已有内容执行。故障见日志；其记录保存在 fact 表中，退役标识 {id}。"),
        new("Look", "查看"), "/retirements", null, [Role.Operations, Role.Engineering], Permission.Read);

    private static bool Concerns(Need need, Actor actor) =>
        need.MayBeDoneBy(actor.Id, actor.Roles, actor.Permissions)
        && (string.Equals(need.Person, actor.Id, StringComparison.OrdinalIgnoreCase) || need.Person is null && (need.Roles.Any(actor.Roles.Contains) || actor.Roles.Contains(Role.Administrator)));
}
