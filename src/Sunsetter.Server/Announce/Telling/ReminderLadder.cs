using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>When customers hear from us again; an administrator edits it.</summary>
internal sealed record ReminderLadder : IRules
{
    static string ISettings.Name => "reminder-ladder";

    /// <summary>Days before the closing day.</summary>
    public ImmutableArray<int> DaysBefore { get; init; } = [90, 60, 30, 14, 7, 1];

    /// <summary>Days without a reading after which the next contact, the next channel, then a person is tried.</summary>
    public int SilenceDays { get; init; } = 7;

    public Refusal? Problem() => DaysBefore.IsDefault || DaysBefore.Length is 0 or > 12 || DaysBefore.Any(day => day is < 1 or > 365) || SilenceDays is < 1 or > 60
        ? new Refusal("ladder.wrong", "Give one to twelve numbers of days from 1 to 365, and 1 to 60 days of silence.", "请填写 1 至 12 个 1–365 之间的天数，未读天数为 1–60。")
        : null;
}
