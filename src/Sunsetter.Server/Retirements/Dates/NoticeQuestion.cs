using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What the notice policy is asked about one customer of one retirement.</summary>
/// <param name="ContractNoticeDays">Days promised in the contract; null where it says nothing.</param>
/// <param name="AlternativeProven">Every capability is covered by the replacement, none noticeably worse.</param>
/// <param name="Major">The retirement counts as a major one (N3).</param>
internal sealed record NoticeQuestion(
    ModuleClass Module, CustomerClass Class, string Tier, int? ContractNoticeDays, UseLevel Use, bool AlternativeProven, bool Major);

/// <summary>The policy's answer for one customer.</summary>
/// <param name="Day">First day, in the customer's time zone, on which they may be closed.</param>
/// <param name="Days">Calendar days of notice behind it; the day on which they are told does not count.</param>
/// <param name="RuleCode">Stable code of the rule that asked for most.</param>
/// <param name="Rule">That rule as a person reads it.</param>
internal sealed record EarliestClose(DateOnly Day, int Days, string RuleCode, Text Rule);
