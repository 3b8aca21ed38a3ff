using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>Raises a finding once; a settled one stays settled.</summary>
internal sealed record RaiseAnomaly(string Id, Text What)
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Stage is not (Stage.Close or Stage.Observe) || retirement.Observing.Anomalies.Any(anomaly => anomaly.Id == Id))
            return Decision.Nothing;
        return string.IsNullOrWhiteSpace(What.En) || What.En.Length > 2000 || What.Zh.Length > 2000
            ? new Refusal("anomaly.no-words", "Say what was found, in at most 2,000 characters.", "请说明发现的问题，最多 2,000 个字符。")
            : new AnomalyRaised(Id, What);
    }
}

internal sealed record SettleAnomaly(string Id, string Note)
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Observing.Anomalies.FirstOrDefault(anomaly => anomaly.Id == Id) is not { } anomaly)
            return Refusal.NotFound("finding", "发现", Id);
        if (anomaly.SettledAt is not null)
            return Decision.Nothing;
        return string.IsNullOrWhiteSpace(Note) || Note.Length > 4000
            ? new Refusal("anomaly.no-note", "Say how it was settled, in at most 4,000 characters.", "请说明如何处理，最多 4,000 个字符。")
            : new AnomalySettled(Id, Note.Trim());
    }
}

/// <summary>Watches longer than planned.</summary>
internal sealed record ExtendObservation(DateOnly Until, string Reason)
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Stage != Stage.Observe || retirement.ObservationEndsOn is not { } end)
            return new Refusal("observe.not-observing", "Only a retirement under observation has a window to extend.", "只有处于观察期的退役才能延长观察。");
        if (Until <= end)
            return new Refusal("observe.not-longer", $"The window runs until {Days.En(end)}; choose a later day.", $"观察期至 {Days.Zh(end)}；请选择更晚的日期。");
        if (Until > end.AddDays(90))
            return new Refusal("observe.too-long", "Extend by at most 90 days at a time.", "每次最多延长 90 天。");
        return string.IsNullOrWhiteSpace(Reason) || Reason.Length > 2000
            ? new Refusal("observe.no-reason", "Say why, in at most 2,000 characters.", "请说明原因，最多 2,000 个字符。")
            : new ObservationExtended(Until, Reason.Trim());
    }
}

/// <summary>Thanks one of the people who built the module.</summary>
internal sealed record GiveThanks(string Person, string For, string? GoesTo)
{
    public Decision Decide(Retirement retirement)
    {
        if (string.IsNullOrWhiteSpace(Person) || string.IsNullOrWhiteSpace(For) || Person.Length > 200 || For.Length > 1000 || GoesTo?.Length > 1000)
            return new Refusal("thanks.incomplete", "Name the person and what the thanks are for.", "请填写姓名与感谢的原因。");
        if (retirement.Observing.Thanks.Length >= 200)
            return new Refusal("thanks.too-many", "Two hundred people are named already; thank the team as a whole.", "已列出两百人；请向整个团队致谢。");
        return new ThanksGiven(Person.Trim(), For.Trim(), GoesTo?.Trim() ?? "");
    }
}
