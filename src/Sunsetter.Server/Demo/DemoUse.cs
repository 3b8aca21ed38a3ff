namespace Sunsetter.Server.Demo;

/// <summary>Who uses what on which day: working weeks, holidays, growth and decline, users who move from an old module to its replacement, and the planted cases. Days are counted back from today.</summary>
internal sealed class DemoUse
{
    /// <summary>Days before today on which the move from an old module began, and where to.</summary>
    public static readonly IReadOnlyDictionary<string, (string To, int Began)> Moves = new Dictionary<string, (string, int)> { ["rooms-legacy"] = ("spaces", 62), ["file-drop"] = ("files", 58) };

    /// <summary>Days before today on which the sticker market closed.</summary>
    public const int StickersClosed = 11;

    /// <summary>Days before today on which the status wall closed.</summary>
    public const int WallClosed = 236;

    private const int Ever = DemoWorld.Days;

    private readonly DemoWorld world;
    private readonly Dictionary<string, int> numbers;
    private readonly double[] rhythm;
    private readonly bool[] quarterEnds;

    public DemoUse(DemoWorld world)
    {
        this.world = world;
        numbers = world.Modules.Select((module, number) => (module.Key, number)).ToDictionary(pair => pair.Key, pair => pair.number);
        rhythm = [.. Enumerable.Range(0, Ever + 1).Select(ago => Rhythm(world.Today.AddDays(-ago)))];
        quarterEnds = [.. Enumerable.Range(0, Ever + 1).Select(ago => IsQuarterEnd(world.Today.AddDays(-ago)))];
    }

    /// <summary>Whether the customer has the module at all.</summary>
    public bool Has(int customer, DemoModule module) => world.Customers[customer].Story switch
    {
        DemoCustomers.OnPremises => false,
        DemoCustomers.QuarterEnd when module.Key == "screen-pulse" => true,
        // Nobody there has begun to move.
        DemoCustomers.QuarterEnd or DemoCustomers.Left when module.Key == "spaces" => false,
        not null when module.Key is "rooms-legacy" or "spaces" => true,
        DemoCustomers.WentBack when module.Key is "file-drop" or "files" => true,
        _ => Draws(customer, module) || Before(module) is { } old && Draws(customer, old),
    };

    /// <summary>The days on which a user used a module, and how many calls they made.</summary>
    public IEnumerable<(int Ago, int Calls)> Days(int customer, DemoModule module, int user)
    {
        var number = numbers[module.Key];
        var quarterly = world.Customers[customer].Story == DemoCustomers.QuarterEnd && (module.Key is "rooms-legacy" or "screen-pulse");
        var diligence = 0.74 * (0.45 + 0.55 * DemoChance.Of(customer, user, 77));
        foreach (var (first, last) in Presence(customer, module, user))
            for (var ago = Math.Min(first, Ever); ago >= Math.Max(1, last); ago--)
            {
                var likely = diligence * (quarterly ? quarterEnds[ago] ? 1 : 0 : rhythm[ago]);
                var chance = DemoChance.Of(customer * 100 + number, user, ago);
                if (chance < likely)
                    yield return (ago, 1 + (int)(chance * 40 % 9));
            }
    }

    private bool Draws(int customer, DemoModule module) => DemoChance.Of(customer, numbers[module.Key], 5) < module.Reach;

    // The module that this one replaces, where people are moving.
    private DemoModule? Before(DemoModule module) => Moves.Where(move => move.Value.To == module.Key).Select(move => world.Modules[numbers[move.Key]]).FirstOrDefault();

    // Stretches of days, from the first to the last, on which the user is one of the module's users.
    private IReadOnlyList<(int First, int Last)> Presence(int customer, DemoModule module, int user)
    {
        if (Moves.TryGetValue(module.Key, out var away))
            return IsUser(customer, module, user) ? OnOld(customer, numbers[module.Key], user, away.Began) : [];
        if (Before(module) is { } old && Has(customer, old) && IsUser(customer, old, user))
            return Complement(OnOld(customer, numbers[old.Key], user, Moves[old.Key].Began));
        if (!IsUser(customer, module, user))
            return [];

        // Growth and decline: a user joins, or leaves, on a day of their own.
        var turn = DemoChance.Of(customer, numbers[module.Key], user, 11);
        var end = module.Key switch { "sticker-market" => StickersClosed, "status-wall" => WallClosed, _ => 0 };
        if (module.Growth >= 0)
        {
            var grown = ((1 + module.Growth) * turn - 1) / Math.Max(0.001, module.Growth);
            return [((int)(Ever * (1 - Math.Max(0, grown))), end)];
        }
        var declined = (turn - 1) / module.Growth;
        return [(Ever, Math.Max(end, (int)(Ever * (1 - declined))))];
    }

    private bool IsUser(int customer, DemoModule module, int user) => DemoChance.Of(customer, numbers[module.Key], user, 9) < Math.Min(0.95, 1.6 * module.Depth);

    // When a user of an old module used it: until they moved, each at their own time.
    private IReadOnlyList<(int First, int Last)> OnOld(int customer, int module, int user, int began)
    {
        var pace = DemoChance.Of(customer, module, 31);
        var share = DemoChance.Of(customer, module, user, 13);
        return world.Customers[customer].Story switch
        {
            DemoCustomers.Left or DemoCustomers.QuarterEnd => [(Ever, 0)],
            DemoCustomers.WentBack => share < 0.35 ? [(Ever, 45), (9, 0)] : [(Ever, 45)],
            DemoCustomers.Moved => [(Ever, 34 + (int)(14 * share))],
            DemoCustomers.Bot => [(Ever, Math.Max(0, began - (int)(100 * share)))],
            // Three in four are done, most of the rest are on their way, a few have not begun.
            _ when pace < 0.74 => [(Ever, began - (int)((began - 18) * share))],
            _ when pace < 0.93 => [(Ever, Math.Max(0, began - (int)(began * 1.8 * share)))],
            _ => [(Ever, 0)],
        };
    }

    private static List<(int First, int Last)> Complement(IReadOnlyList<(int First, int Last)> stretches)
    {
        var rest = new List<(int First, int Last)>();
        var next = Ever;
        foreach (var (first, last) in stretches)
        {
            if (first < next)
                rest.Add((next, first + 1));
            next = last - 1;
        }
        if (next > 0)
            rest.Add((next, 0));
        return rest;
    }

    private static bool IsQuarterEnd(DateOnly day) => day.Month % 3 == 0 && day.AddDays(3).Month != day.Month;

    private static double Rhythm(DateOnly day) =>
        DemoHolidays.IsHoliday(day) ? 0.1
        : day.DayOfWeek switch { DayOfWeek.Saturday => 0.22, DayOfWeek.Sunday => 0.14, _ => 1 };
}
