using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Portal;

/// <summary>The closing and its rehearsals as calendar entries. The same entry keeps its id when the date moves, so that calendars move it too.</summary>
internal static class ClosingCalendar
{
    public static string Of(Retirement retirement, LedgerEntry entry, Rehearsals rehearsals, Text module, DateTimeOffset now, string locale)
    {
        var calendar = new Calendar { ProductId = "-//Sunsetter//Portal//EN" };
        var off = retirement.Stage is Stage.Cancelled or Stage.Deferred or Stage.Rejected;
        // Their own day may change without the plan's: both versions only ever rise.
        var sequence = retirement.Version + entry.Version;
        if (entry.ClosesAt(retirement) is { } closes)
            calendar.Events.Add(Event($"{retirement.Id}.{entry.Customer}.close@sunsetter", closes, 60, new Text($"{module.En} closes", $"{module.Zh}停止服务").In(locale), sequence, now, off));
        foreach (var (at, minutes) in off ? [] : rehearsals.Of(retirement, entry))
            calendar.Events.Add(Event($"{retirement.Id}.{entry.Customer}.rehearsal.{at.ToUnixTimeSeconds()}@sunsetter", at, minutes, new Text($"{module.En}: rehearsal outage", $"{module.Zh}演练停用").In(locale), sequence, now));
        return new CalendarSerializer().SerializeToString(calendar) ?? "";
    }

    private static CalendarEvent Event(string id, DateTimeOffset start, int minutes, string words, int sequence, DateTimeOffset now, bool off = false) => new()
    {
        // Called off, the same entry says so: a calendar that has it strikes it out.
        Status = off ? EventStatus.Cancelled : EventStatus.Confirmed,
        Uid = id, Summary = words, Sequence = sequence, DtStamp = new CalDateTime(now.UtcDateTime, "UTC"),
        Start = new CalDateTime(start.UtcDateTime, "UTC"), End = new CalDateTime(start.AddMinutes(minutes).UtcDateTime, "UTC"),
    };
}
