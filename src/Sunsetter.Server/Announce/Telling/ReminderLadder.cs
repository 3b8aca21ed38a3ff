using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>When customers hear from us again; an administrator edits it.</summary>
internal sealed record ReminderLadder : ISettings
{
    static string ISettings.Name => "reminder-ladder";

    /// <summary>Days before the closing day.</summary>
    public ImmutableArray<int> DaysBefore { get; init; } = [90, 60, 30, 14, 7, 1];

    /// <summary>Days without a reading after which the next contact, the next channel, then a person is tried.</summary>
    public int SilenceDays { get; init; } = 7;
}
