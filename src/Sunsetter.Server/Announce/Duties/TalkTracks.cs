using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Duties;

/// <summary>Writes what support says. A new text waits for a new confirmation.</summary>
internal sealed record WriteTalkTracks(Text Words)
{
    public const int Longest = 8000;

    /// <summary>Support, and who announces; on the page as over HTTP.</summary>
    public static bool MayBeWrittenBy(Actor actor) => actor.May(Permission.Announce) || actor.May(Permission.Support);

    public Decision Decide(Retirement retirement)
    {
        if (retirement.Ended)
            return new Refusal("retirement.ended", "This retirement has ended.", "该退役已结束。");
        if (string.IsNullOrWhiteSpace(Words.En) || string.IsNullOrWhiteSpace(Words.Zh))
            return new Refusal("talk-tracks.one-language", "Write the talk tracks in both languages.", "请填写中英文两种口径。");
        if (Words.En.Length > Longest || Words.Zh.Length > Longest)
            return new Refusal("talk-tracks.too-long", $"Keep each language under {Longest} characters.", $"每种语言请控制在 {Longest} 字以内。");
        return retirement.Announcing.TalkTracks == Words ? Decision.Nothing : new TalkTracksWritten(Words);
    }
}

/// <summary>Support says that it can answer. Before this the notices are not released; once they are, a new text asks support anew and holds nothing back.</summary>
internal sealed record ConfirmTalkTracks
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Announcing.TalkTracks is null)
            return new Refusal("talk-tracks.missing", "There are no talk tracks yet. Write them first.", "尚无客服口径，请先编写。");
        if (retirement.Announcing.SupportIsReady)
            return Decision.Nothing;
        var confirmed = Decision.Of(new TalkTracksConfirmed());
        return KnownDuty.Find(retirement, "support.talk-tracks") is { DoneAt: null } ? confirmed.And(new DutyDone("support.talk-tracks", "")) : confirmed;
    }
}
