namespace Sunsetter.Server.Demo;

/// <summary>Who uses what on which day: working weeks, holidays, growth and decline, users who move from an old module to its replacement, and the planted cases.</summary>
internal sealed class DemoUse(DemoWorld world)
{
    /// <summary>Days before today on which the move from an old module began, and when it closed (if it has).</summary>
    public static readonly IReadOnlyDictionary<string, (string To, int Began)> Moves = new Dictionary<string, (string, int)> { ["rooms-legacy"] = ("spaces", 62), ["file-drop"] = ("files", 58) };

    /// <summary>Days before today on which the sticker market closed.</summary>
    public const int StickersClosed = 11;

    private static readonly HashSet<(int Month, int Day)> Holidays = [(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3), (10, 4), (10, 5), (10, 6), (10, 7)];
    private static readonly DateOnly[] SpringFestivals = [new(2025, 1, 28), new(2026, 2, 16), new(2027, 2, 5), new(2028, 1, 25)];

    private readonly Dictionary<string, int> numbers = world.Modules.Select((module, number) => (module.Key, number)).ToDictionary(pair => pair.Key, pair => pair.number);

    /// <summary>How many calls a user made with a module on a day; 0 for none.</summary>
    /// <param name="ago">Days before today.</param>
    public int Calls(int customer, DemoModule module, int user, int ago)
    {
        var (who, number) = (world.Customers[customer], numbers[module.Key]);
        if (who.Story == DemoCustomers.OnPremises || !Has(customer, module) || !Belongs(customer, module, user, ago))
            return 0;
        var day = world.Today.AddDays(-ago);
        var quarterEnd = who.Story == DemoCustomers.QuarterEnd && (module.Key is "rooms-legacy" or "screen-pulse");
        if (quarterEnd && (day.Month % 3 != 0 || day.AddDays(3).Month == day.Month))
            return 0;
        var diligence = 0.45 + 0.55 * DemoChance.Of(customer, user, 77);
        var chance = DemoChance.Of(customer * 100 + number, user, ago);
        return chance < 0.74 * diligence * (quarterEnd ? 1 : Rhythm(day)) ? 1 + (int)(chance * 40 % 9) : 0;
    }

    /// <summary>Whether the customer has the module at all.</summary>
    public bool Has(int customer, DemoModule module) => world.Customers[customer].Story switch
    {
        DemoCustomers.QuarterEnd when module.Key == "screen-pulse" => true,
        // Nobody there has begun to move.
        DemoCustomers.QuarterEnd or DemoCustomers.Left when module.Key == "spaces" => false,
        not null when module.Key is "rooms-legacy" or "spaces" => true,
        DemoCustomers.WentBack when module.Key is "file-drop" or "files" => true,
        _ when module.Replacements is [var to] && Moves.ContainsKey(module.Key) => DemoChance.Of(customer, numbers[module.Key], 5) < module.Reach,
        _ when Moves.Any(move => move.Value.To == module.Key && DemoChance.Of(customer, numbers[move.Key], 5) < world.Modules[numbers[move.Key]].Reach) => true,
        _ => DemoChance.Of(customer, numbers[module.Key], 5) < module.Reach,
    };

    // Whether the user is one of the module's users on that day.
    private bool Belongs(int customer, DemoModule module, int user, int ago)
    {
        if (Moves.TryGetValue(module.Key, out var away))
            return DemoChance.Of(customer, numbers[module.Key], user, 9) < Share(module) && !Gone(customer, numbers[module.Key], user, ago, away.Began);
        foreach (var (old, move) in Moves)
            if (move.To == module.Key && Has(customer, world.Modules[numbers[old]]) && DemoChance.Of(customer, numbers[old], user, 9) < Share(world.Modules[numbers[old]]))
                return Gone(customer, numbers[old], user, ago, move.Began);
        if (module.Key == "sticker-market" && ago < StickersClosed)
            return false;
        // Growth and decline: a user joins, or leaves, on a day of their own.
        var turn = DemoChance.Of(customer, numbers[module.Key], user, 11);
        var grown = 1 - (double)ago / DemoWorld.Days;
        var present = module.Growth >= 0 ? (1 + module.Growth * grown) / (1 + module.Growth) : 1 + module.Growth * grown;
        return DemoChance.Of(customer, numbers[module.Key], user, 9) < Share(module) && turn < present;
    }

    // Whether the user has left the old module for the new one by that day.
    private bool Gone(int customer, int module, int user, int ago, int began)
    {
        var story = world.Customers[customer].Story;
        var pace = DemoChance.Of(customer, module, 31);
        var share = DemoChance.Of(customer, module, user, 13);
        return story switch
        {
            DemoCustomers.Left or DemoCustomers.QuarterEnd => false,
            DemoCustomers.WentBack => ago is < 45 and >= 10 || ago < 10 && share > 0.35,
            DemoCustomers.Moved => ago < 34 + (int)(14 * share),
            DemoCustomers.Bot => ago < began - (int)(100 * share),
            // Three in four are done, most of the rest are on their way, a few have not begun.
            _ when pace < 0.74 => ago < began - (int)((began - 18) * share),
            _ when pace < 0.93 => ago < began - (int)(began * 1.8 * share),
            _ => false,
        };
    }

    private static double Share(DemoModule module) => Math.Min(0.95, 1.6 * module.Depth);

    private static double Rhythm(DateOnly day) =>
        Holidays.Contains((day.Month, day.Day)) || SpringFestivals.Any(start => day >= start && day < start.AddDays(7)) ? 0.1
        : day.DayOfWeek switch { DayOfWeek.Saturday => 0.22, DayOfWeek.Sunday => 0.14, _ => 1 };
}
