using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Evidence is gathered until the decision is submitted, so that approvers see what they approve.</summary>
internal static class Gathering
{
    public static Refusal? NotNow(Retirement retirement) =>
        retirement.Stage != Stage.Decide
            ? new Refusal("decision.not-gathering", "The decision is made or put off; its evidence cannot change any more.", "决策已作出或已暂缓，证据不能再更改。")
        : retirement.Deciding.Submission is not null
            ? new Refusal("decision.submitted", "The decision lies before the approvers. Take it back first; approvals given so far become void.", "决策已提交审批。请先撤回；已有的批准将作废。")
        : null;

    /// <summary>The decision stands and no go is given: what takes the module's place may still change, and whoever was told is told again.</summary>
    public static bool MayStillChooseReplacement(Retirement retirement) => retirement.Stage is Stage.Announce or Stage.Migrate && !retirement.ClosingConfirmed;
}
