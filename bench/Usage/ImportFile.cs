using System.Runtime.InteropServices;

namespace Sunsetter.Bench.Usage;

/// <summary>
/// The file that is imported. Recipe: seed 20261122; customers of 20 to 780 users; on a weekday each user is active with the probability that gives the number of lines asked for,
/// in one module and each time with probability 0.4 in one more, low module numbers more often; every use is one to three lines; lines in the order of days, mixed within the day.
/// </summary>
internal static class ImportFile
{
    public const int Modules = 20, Days = 90;
    public static readonly DateOnly Last = new(2026, 11, 20);

    /// <summary>Writes the file alone and prints how many lines it has.</summary>
    /// <param name="options">File, customers, lines.</param>
    public static int Make(string[] options)
    {
        Console.WriteLine(Write(options[0], int.Parse(options[1], System.Globalization.CultureInfo.InvariantCulture), long.Parse(options[2], System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    }

    /// <returns>How many lines it has.</returns>
    public static long Write(string file, int customers, long most)
    {
        var chance = new Random(20261122);
        var sizes = Enumerable.Range(0, customers).Select(_ => chance.Next(20, 781)).ToArray();
        // 1.67 modules of an active user, two lines of each.
        var weekdays = Enumerable.Range(0, Days).Count(day => Last.AddDays(-day).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        var active = most / (sizes.Sum() * weekdays / 0.6 * 2);
        long lines = 0;
        using var writer = new StreamWriter(file);
        writer.Write("time,module,customer,user\n");
        for (var day = Days - 1; day >= 0; day--)
        {
            var date = Last.AddDays(-day);
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            var today = new List<(int Customer, int User, int Module)>();
            for (var customer = 0; customer < customers; customer++)
                for (var user = 0; user < sizes[customer]; user++)
                    if (chance.NextDouble() < active)
                        for (var more = true; more; more = chance.NextDouble() < 0.4)
                            for (int module = Math.Min(chance.Next(Modules), chance.Next(Modules)), n = chance.Next(1, 4); n > 0; n--)
                                today.Add((customer, user, module));
            chance.Shuffle(CollectionsMarshal.AsSpan(today));
            foreach (var (customer, user, module) in today)
            {
                writer.Write(FormattableString.Invariant($"{date:yyyy-MM-dd}T{8 + lines % 10:00}:{lines % 60:00}:00Z,module-{module:00},customer-{customer:000},u{customer:000}{user:000}\n"));
                lines++;
            }
        }
        return lines;
    }

}
