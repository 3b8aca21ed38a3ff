using Sunsetter.Gates;

namespace Sunsetter.Client.AspNetCore;

/// <summary>What the gate says to one caller, with the words for them: for protocols other than HTTP's own.</summary>
/// <param name="Module">The module's key.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Code"><c>module.brownout</c> or <c>module.closed</c> for a refusal; empty otherwise.</param>
/// <param name="Message">What is the case, until when, and what to use instead, in the caller's language, for a refusal; empty otherwise.</param>
/// <param name="Headers"><c>Deprecation</c>, <c>Sunset</c> and <c>Link</c>, where the module is retiring.</param>
public sealed record Examination(
    string Module, GateDecision Decision, string Code, string Message, IReadOnlyList<KeyValuePair<string, string>> Headers);
