using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Which calendar day it is for a retirement: in the zone of its schedule, UTC before it has one.</summary>
internal static class Today
{
    public static DateOnly Of(Retirement retirement, DateTimeOffset now) => Days.DayOf(now, Days.Zone(retirement.Schedule?.Zone));
}
