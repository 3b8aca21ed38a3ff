namespace Sunsetter.Server.Usage;

/// <summary>Rows of an answer with how much is known of the days they were counted from: no rows mean "nobody" only where the coverage is sufficient.</summary>
/// <param name="Replacement">Coverage of the module compared with.</param>
internal sealed record UsageRows<T>(IReadOnlyList<T> Rows, Coverage Coverage, Coverage? Replacement = null);

/// <summary>Hidden dependents with what people said about their flags.</summary>
/// <param name="Coverage">Of the last <see cref="UsageQuestions.Foresight"/> days: where it is not sufficient, "none" may only mean "not seen".</param>
/// <param name="OtherCurrencies">Contracts in another currency than most: they are compared with no other, so none of them is flagged for its value.</param>
internal sealed record DependentsAnswer(IReadOnlyList<HiddenDependent> Dependents, IReadOnlyList<FlagVerdict> Verdicts, Coverage Coverage, int OtherCurrencies);

/// <summary>Refused calls with how much is known of the days since.</summary>
internal sealed record RefusedAnswer(DateTimeOffset Since, long Calls, IReadOnlyList<RefusedHour> Hours, IReadOnlyList<RefusedCustomer> Customers, Coverage Coverage);

/// <summary>A person's word on one flag.</summary>
internal sealed record FlagWord(bool Confirmed, string? Reason);

/// <summary>An administrator's word that a source ended for good.</summary>
/// <param name="Day">The last day on which it had to report; null takes an earlier word back.</param>
internal sealed record EndWord(string Source, DateOnly? Day, string? Reason);
