using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage;

/// <summary>
/// What a batch of events comes to: calls and users per (module, customer, day). Knows nothing of the database, so that many requests
/// can be read side by side; modules, customers and users are numbered within the tally. Not for two threads at once.
/// </summary>
internal sealed class UsageTally
{
    private readonly Dictionary<(int Module, int Customer, int Day), UsageCell> cells = [];
    private readonly Dictionary<RefusedCall, long> refused = [];
    private readonly List<Utf8Names> users = [];
    private UsageCell? last;

    public Utf8Names Modules { get; } = new();

    public Utf8Names Customers { get; } = new();

    public IReadOnlyCollection<UsageCell> Cells => cells.Values;

    /// <summary>Calls refused by a closed gate, per module, customer, user and hour since 1970.</summary>
    public IReadOnlyDictionary<RefusedCall, long> Refused => refused;

    /// <summary>Days (see <see cref="DateOnly.DayNumber"/>) and modules that were reported on, with the number of events.</summary>
    public Dictionary<(int Module, int Day), int> Reported { get; } = [];

    public int Events { get; private set; }

    /// <summary>The users of a customer, both by their numbers in this tally.</summary>
    public Utf8Names UsersOf(int customer) => users[customer];

    /// <summary>Counts one event; its names have been checked before.</summary>
    public void Add(in UsageEvent use)
    {
        var module = Modules.Add(use.Module);
        var customer = Customers.Add(use.Customer);
        if (customer == users.Count)
            users.Add(new Utf8Names());
        var user = users[customer].Add(use.User);
        var minute = Math.DivRem(use.UnixMilliseconds, 60_000, out var rest) - (rest < 0 ? 1 : 0);
        var hour = (long)Math.Floor(minute / 60.0);
        var day = DayOf(use.UnixMilliseconds);

        Events++;
        if (use.Refused)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(refused, new RefusedCall(module, customer, user, hour), out _) += use.Count;
            return;
        }

        if (last is null || last.Module != module || last.Customer != customer || last.Day != day)
            last = Cell(module, customer, day);
        last.Users.Add(user);
        last.Calls += use.Count;
        last.Minutes |= 1L << (int)(minute - hour * 60);
        last.Hours |= 1 << (int)(((hour % 24) + 24) % 24);
        last.Events++;
    }

    /// <summary>The UTC day of an instant.</summary>
    public static int DayOf(long unixMilliseconds) =>
        (int)(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay + Math.Floor(unixMilliseconds / 86_400_000.0));

    private UsageCell Cell(int module, int customer, int day)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, (module, customer, day), out _);
        return cell ??= new UsageCell { Module = module, Customer = customer, Day = day };
    }
}

/// <summary>One module, customer and day of a tally.</summary>
internal sealed class UsageCell
{
    public required int Module { get; init; }
    public required int Customer { get; init; }
    public required int Day { get; init; }

    /// <summary>Numbers of users in the tally, with repetitions.</summary>
    public List<int> Users { get; } = [];
    public long Calls { get; set; }

    /// <summary>Bit n is set where a call came in the n-th minute of some hour.</summary>
    public long Minutes { get; set; }

    /// <summary>Bit n is set where a call came in the n-th hour of the day, UTC.</summary>
    public int Hours { get; set; }
    public int Events { get; set; }
}

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
