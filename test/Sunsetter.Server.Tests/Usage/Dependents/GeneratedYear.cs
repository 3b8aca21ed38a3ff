using System.Numerics;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Usage.Dependents;

/// <summary>What a generated customer is in truth.</summary>
internal enum Planted
{
    // Dependents: the module is vital for them.
    QuarterEnd, FiscalQuarter, HalfYear, YearEnd, JuneOnly, MonthEnd, OneWeekday, DecisiveUser, Bot, BotViaSdk, School, LargeShare, BigContract,

    // Not dependents.
    Casual, Ordinary, Leaver, Trial, OnHoliday, SourceStopped, Sporadic, FewViaSdk,
}

/// <summary>Years of use with planted cases, from a seed.</summary>
internal sealed class GeneratedYear(int seed)
{
    private readonly Random chance = new(seed);

    public const Planted LastDependent = Planted.BigContract;

    /// <summary>So many customers of each dependent kind, and five times as many of each other kind.</summary>
    public IEnumerable<(Planted Truth, DependenceInput Input)> Customers(int ofEach)
    {
        foreach (var kind in Enum.GetValues<Planted>())
            for (int number = 0, many = kind <= LastDependent ? ofEach : 5 * ofEach; number < many; number++)
                yield return (kind, Customer(kind, number, 100 * ofEach));
    }

    private DependenceInput Customer(Planted kind, int number, int customers)
    {
        // What came once cannot be told from a passing try: two Junes and three half-years are on record.
        var days = kind is Planted.JuneOnly or Planted.HalfYear ? chance.Next(640, 800) : chance.Next(430, 640);
        var today = kind switch
        {
            // A school is not to be seen in summer, a year-end user not in autumn: that is what makes them easy to miss.
            Planted.School => new DateOnly(2026, 8, chance.Next(5, 25)),
            Planted.JuneOnly => new DateOnly(2026, chance.Next(8, 13), chance.Next(1, 28)),
            Planted.YearEnd => new DateOnly(2026, chance.Next(3, 12), chance.Next(1, 28)),
            _ => new DateOnly(2026, chance.Next(1, 13), chance.Next(1, 29)),
        };
        var from = today.AddDays(1 - days);
        var size = chance.Next(20, 400);
        var (users, calls, ownUsers, ownCalls, minutes) = (new int[days], new long[days], new int[days], new long[days], new long[days]);
        var known = Enumerable.Repeat(true, days).ToArray();
        var traits = (Weekday: (DayOfWeek)chance.Next(1, 6), Phase: chance.Next(1, 3), Hours: chance.Next(2, 12), Leave: chance.Next(60, days - 120), Try: chance.Next(10, days - 20));
        for (var day = 0; day < days; day++)
        {
            var date = from.AddDays(day);
            var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var office = !weekend && !(kind == Planted.OnHoliday && day >= days - 18) && !(kind == Planted.School && Holidays(date));
            ownUsers[day] = office ? (int)(size * (0.4 + 0.2 * chance.NextDouble())) : chance.Next(0, 3);
            ownCalls[day] = ownUsers[day] * chance.Next(15, 25);
            var (who, how) = Use(kind, date, day, days, office, size, traits, ownCalls[day]);
            if (kind == Planted.SourceStopped && day >= days - 30)
                (who, how, known[day], ownUsers[day], ownCalls[day]) = (0, 0, false, 0, 0);
            users[day] = who;
            calls[day] = how;
            ownUsers[day] = Math.Max(ownUsers[day], who);
            ownCalls[day] += how;
            minutes[day] = kind switch
            {
                Planted.Bot => 1L << 7 | 1L << 37,
                // Our clients cut the time to the quarter hour.
                Planted.BotViaSdk => 1L | 1L << 30,
                Planted.FewViaSdk => Quarters(how),
                _ => Human(how),
            };
        }
        var value = kind == Planted.BigContract ? 3_000_000m : chance.Next(5_000, 60_000);
        return new(new CustomerKey($"{kind}-{number}"), from, users, calls, ownUsers, ownCalls, known, minutes, value, 30_000m * customers + 3_000_000m);
    }

    private (int Users, long Calls) Use(Planted kind, DateOnly date, int day, int days, bool office, int size, (DayOfWeek Weekday, int Phase, int Hours, int Leave, int Try) traits, long own)
    {
        var month = DateTime.DaysInMonth(date.Year, date.Month);
        var quarterEnd = (date.Month % 3 == 0 && date.Day > month - 6) || (date.Month % 3 == 1 && date.Day < 8);
        var few = Math.Max(1, size / 25);
        return kind switch
        {
            Planted.QuarterEnd => office && quarterEnd ? People(few, 10) : default,
            Planted.FiscalQuarter => office && ((date.Month % 3 == traits.Phase && date.Day > month - 6) || (date.Month % 3 == (traits.Phase + 1) % 3 && date.Day < 8)) ? People(few, 10) : default,
            Planted.HalfYear => office && (date.Month % 6 == traits.Phase && date.Day > month - 9) ? People(few, 10) : default,
            Planted.JuneOnly => office && date.Month == 6 ? People(few, 10) : default,
            Planted.YearEnd => office && ((date.Month == 12 && date.Day > 12) || (date.Month == 1 && date.Day < 15)) ? People(few, 10) : default,
            Planted.MonthEnd => office && (date.Day > month - 3 || date.Day < 3) ? People(few, 10) : default,
            Planted.OneWeekday => date.DayOfWeek == traits.Weekday && chance.NextDouble() < 0.93 ? People(few, 6) : default,
            Planted.DecisiveUser => office && chance.NextDouble() < 0.95 ? (1, (long)(own * (0.3 + 0.1 * chance.NextDouble()))) : default,
            Planted.Bot or Planted.BotViaSdk => (1, 24 * traits.Hours),
            Planted.FewViaSdk => office && chance.NextDouble() < 0.9 ? People(chance.Next(1, 4), 8) : default,
            Planted.School => office && !Holidays(date) ? People(size / 6 + 1, 4) : default,
            Planted.LargeShare => office ? People(size / 4 + 1, (long)(own * 0.8 / (size / 4 + 1))) : default,
            Planted.BigContract => office && chance.NextDouble() < 0.3 ? People(2, 3) : default,
            Planted.Casual => office && chance.NextDouble() < 0.25 ? People(chance.Next(1, 4), 2) : default,
            Planted.Leaver => office && day < traits.Leave ? People(size / 12 + 4, 3) : default,
            Planted.Trial => day >= traits.Try && day < traits.Try + 10 && office ? People(3, 5) : default,
            Planted.Sporadic => chance.NextDouble() < 0.02 ? People(few, 5) : default,
            _ => office ? People(size / 12 + 4, 3) : default,
        };
    }

    private (int, long) People(int about, long callsOfEach)
    {
        var users = Math.Max(1, about + chance.Next(-about / 3, about / 3 + 1));
        return (users, Math.Max(1, users * callsOfEach * chance.Next(70, 131) / 100));
    }

    private static bool Holidays(DateOnly date) => date.Month is 7 or 8 || (date.Month == 1 && date.Day > 20) || (date.Month == 2 && date.Day < 20);

    private long Quarters(long calls)
    {
        long minutes = 0;
        for (var call = 0; call < Math.Min(calls, 200); call++)
            minutes |= 1L << 15 * chance.Next(4);
        return minutes;
    }

    private long Human(long calls)
    {
        long minutes = 0;
        for (var call = 0; call < Math.Min(calls, 200); call++)
            minutes |= 1L << chance.Next(60);
        return minutes;
    }
}
