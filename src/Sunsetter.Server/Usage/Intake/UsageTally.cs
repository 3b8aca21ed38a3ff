using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage;

/// <summary>
/// What a batch of events comes to: calls and users per (module, customer, day). Knows nothing of the database, so that many requests
/// can be read side by side; modules, customers and users are numbered within the tally. Not for two threads at once.
/// </summary>
internal sealed class UsageTally
{
    private readonly Dictionary<RefusedCall, long> refused = [];
    private UsageCell[] cells = new UsageCell[64];
    private int[] slots = new int[128];
    private UsageUse[] uses = new UsageUse[256];
    private int cellCount, useCount;
    private bool sharesNames;

    /// <summary>Of this tally and of those before it that it shares them with.</summary>
    public TallyNames Names { get; private set; } = new();

    public Utf8Names Modules => Names.Modules;

    public Utf8Names Customers => Names.Customers;

    public CustomerUsers Users => Names.Users;

    public ReadOnlySpan<UsageCell> Cells => cells.AsSpan(0, cellCount);

    /// <summary>Who used which cell, with repetitions, in the order of the events.</summary>
    public ReadOnlySpan<UsageUse> Uses => uses.AsSpan(0, useCount);

    /// <summary>Calls refused by a closed gate, per module, customer, user and hour since 1970.</summary>
    public IReadOnlyDictionary<RefusedCall, long> Refused => refused;

    public int Events { get; private set; }

    /// <summary>Bytes of memory that go with it; about. Names that it shares stay with the others.</summary>
    public long Memory => 40L * cells.Length + 4L * slots.Length + 8L * uses.Length + 64L * refused.Count + (sharesNames ? 0 : Modules.Memory + Customers.Memory + Users.Memory);

    /// <summary>Counts one event; its names have been checked before.</summary>
    public void Add(in UsageEvent use)
    {
        var customer = Customers.Add(use.Customer);
        Add(Modules.Add(use.Module), customer, Users.Add(customer, use.User), use);
    }

    /// <summary>Counts one event whose module, customer and user have these numbers.</summary>
    public void Add(int module, int customer, int user, in UsageEvent use)
    {
        var minute = Math.DivRem(use.UnixMilliseconds, 60_000, out var rest) - (rest < 0 ? 1 : 0);
        var hour = Math.DivRem(minute, 60, out var minuteOfHour);
        if (minuteOfHour < 0)
            (hour, minuteOfHour) = (hour - 1, minuteOfHour + 60);

        Events++;
        if (use.Refused)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(refused, new RefusedCall(module, customer, user, hour), out _) += use.Count;
            return;
        }

        var at = Cell(module, customer, DayOf(use.UnixMilliseconds));
        ref var cell = ref cells[at];
        cell.Calls += use.Count;
        cell.Minutes |= 1UL << (int)minuteOfHour;
        cell.Events++;
        if (cell.LastUser == user + 1)
            return;
        cell.LastUser = user + 1;
        cell.Uses++;
        if (useCount == uses.Length)
            Array.Resize(ref uses, 2 * useCount);
        uses[useCount++] = new(at, user);
    }

    /// <summary>Starts over, keeping the memory.</summary>
    /// <param name="names">Names to go on with.</param>
    public void Clear(TallyNames names)
    {
        (Names, sharesNames) = (names, true);
        refused.Clear();
        Array.Clear(slots);
        (cellCount, useCount, Events) = (0, 0, 0);
    }

    /// <summary>The UTC day of an instant.</summary>
    public static int DayOf(long unixMilliseconds) =>
        (int)(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay + (unixMilliseconds >= 0 ? unixMilliseconds : unixMilliseconds - 86_399_999) / 86_400_000);

    private int Cell(int module, int customer, int day)
    {
        var mask = slots.Length - 1;
        for (var slot = Slot(module, customer, day) & mask; ; slot = (slot + 1) & mask)
        {
            var at = slots[slot] - 1;
            if (at < 0)
                return NewCell(slot, module, customer, day);
            ref readonly var cell = ref cells[at];
            if (cell.Module == module && cell.Customer == customer && cell.Day == day)
                return at;
        }
    }

    private int NewCell(int slot, int module, int customer, int day)
    {
        if (cellCount == cells.Length)
            Array.Resize(ref cells, 2 * cellCount);
        cells[cellCount] = new UsageCell { Module = module, Customer = customer, Day = day };
        slots[slot] = ++cellCount;
        if (2 * cellCount > slots.Length)
            Rehash();
        return cellCount - 1;
    }

    private void Rehash()
    {
        slots = new int[2 * slots.Length];
        var mask = slots.Length - 1;
        for (var at = 0; at < cellCount; at++)
        {
            var slot = Slot(cells[at].Module, cells[at].Customer, cells[at].Day) & mask;
            while (slots[slot] > 0)
                slot = (slot + 1) & mask;
            slots[slot] = at + 1;
        }
    }

    // Small numbers that this tally gave itself: nobody outside can choose them to collide.
    private static int Slot(int module, int customer, int day)
    {
        var mixed = ((ulong)(uint)customer << 32 | (uint)day << 12 ^ (uint)module) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 33);
    }
}

/// <summary>One module, customer and day of a tally.</summary>
internal record struct UsageCell
{
    public required int Module { get; init; }
    public required int Customer { get; init; }
    public required int Day { get; init; }
    public int Events { get; set; }
    public long Calls { get; set; }

    /// <summary>Bit n is set where a call came in the n-th minute of some hour.</summary>
    public ulong Minutes { get; set; }

    /// <summary>How many <see cref="UsageUse"/> belong to it.</summary>
    public int Uses { get; set; }

    /// <summary>The user of the last event, plus one: programs and people often call several times in a row.</summary>
    public int LastUser { get; set; }
}

/// <summary>A user of a cell, both by their numbers in the tally.</summary>
internal readonly record struct UsageUse(int Cell, int User);

/// <param name="Hour">Hours since 1970, UTC.</param>
internal readonly record struct RefusedCall(int Module, int Customer, int User, long Hour);

/// <summary>One line of usage. Names are UTF-8 and live as long as the buffer they were read from.</summary>
internal readonly ref struct UsageEvent
{
    public required ReadOnlySpan<byte> Module { get; init; }
    public required ReadOnlySpan<byte> Customer { get; init; }

    /// <summary>Who called; <see cref="UsageLimits.NoUser"/> where no person did.</summary>
    public required ReadOnlySpan<byte> User { get; init; }
    public required long UnixMilliseconds { get; init; }

    /// <summary>How many calls the line stands for; at least one.</summary>
    public required long Count { get; init; }

    /// <summary>The gate had closed and the call was refused: an attempt, not a use.</summary>
    public bool Refused { get; init; }
}
