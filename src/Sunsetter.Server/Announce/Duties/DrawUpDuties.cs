using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Duties;

/// <summary>Draws up the duties of an approved plan, and again when its dates have moved. Nothing happens where they stand already.</summary>
internal sealed record DrawUpDuties
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close) || retirement.Schedule is not { } schedule || !retirement.Entered.TryGetValue(Stage.Announce, out var approved))
            return Decision.Nothing;
        var duties = DutyRoster.Of(schedule, Days.DayOf(approved, Days.Zone(schedule.Zone)), retirement.Replacement is not null);
        return duties.SequenceEqual(retirement.Announcing.Duties.Select(state => state.Duty)) ? Decision.Nothing : new DutiesDrawnUp(duties);
    }
}

/// <summary>Gives a duty to one person.</summary>
internal sealed record AssignDuty(string Duty, string Person)
{
    public Decision Decide(Retirement retirement) => KnownDuty.Find(retirement, Duty) switch
    {
        null => KnownDuty.Unknown(Duty),
        _ when string.IsNullOrWhiteSpace(Person) => Refusal.NotFound("person", "人员", Person ?? ""),
        { DoneAt: not null } => new Refusal("duty.done", "This duty is done already.", "该职责已完成。"),
        { } duty when duty.Assignee == Person => Decision.Nothing,
        _ => new DutyAssigned(Duty, Person),
    };
}

/// <summary>One who may act for the team knows the duty and its day.</summary>
internal sealed record AcknowledgeDuty(string Duty)
{
    public Decision Decide(Retirement retirement, Actor actor) => KnownDuty.Find(retirement, Duty) switch
    {
        null => KnownDuty.Unknown(Duty),
        { } duty when !KnownDuty.IsFor(duty, actor) => KnownDuty.NotYours,
        { AcknowledgedAt: not null } => Decision.Nothing,
        _ => new DutyAcknowledged(Duty),
    };
}

internal sealed record CompleteDuty(string Duty, string Note)
{
    public Decision Decide(Retirement retirement, Actor actor) => KnownDuty.Find(retirement, Duty) switch
    {
        null => KnownDuty.Unknown(Duty),
        { } duty when !KnownDuty.IsFor(duty, actor) => KnownDuty.NotYours,
        { DoneAt: not null } => Decision.Nothing,
        _ when Note.Length > 500 => new Refusal("duty.note-too-long", "Keep the note under 500 characters.", "备注请控制在 500 字以内。") { Field = "note" },
        _ => new DutyDone(Duty, Note.Trim()),
    };
}

internal static class KnownDuty
{
    public static readonly Refusal NotYours = new("duty.not-yours", "This duty belongs to another team. Ask one of its people.", "该职责属于其他团队，请由其成员处理。", StatusCodes.Status403Forbidden);

    public static DutyState? Find(Retirement retirement, string id) => retirement.Announcing.Duties.FirstOrDefault(state => state.Duty.Id == id);

    public static Refusal Unknown(string id) => Refusal.NotFound("duty", "职责", id);

    /// <summary>The assignee, the people of the team, and administrators.</summary>
    public static bool IsFor(DutyState state, Actor actor) =>
        actor.Id == state.Assignee || actor.Roles.Contains(state.Duty.Team) || actor.May(Permission.Administer);
}
