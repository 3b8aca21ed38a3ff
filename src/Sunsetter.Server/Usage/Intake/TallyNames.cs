namespace Sunsetter.Server.Usage;

/// <summary>
/// The names of one tally after the other, with the numbers the database gave them: a file names the same people in each of its parts. Names are only ever added, by
/// one thread; the writer may look at those of the tally before meanwhile.
/// </summary>
internal sealed class TallyNames
{
    // Beyond this, forgetting them all and beginning anew is cheaper than the memory.
    private const long MostMemory = 24 << 20;

    private int[] ordinals = [];
    private object? givenBy;

    public Utf8Names Modules { get; } = new();

    public Utf8Names Customers { get; } = new();

    /// <summary>Users of all customers, numbered together.</summary>
    public CustomerUsers Users { get; } = new();

    public bool IsLarge => Users.Memory > MostMemory;

    /// <summary>For each user, the stored number among those of the customer; -1 where it is not known yet. For the one writer.</summary>
    /// <param name="giver">Numbers that another has given are forgotten.</param>
    public int[] Ordinals(int users, object giver)
    {
        var known = ReferenceEquals(givenBy, giver) ? ordinals.Length : 0;
        if (ordinals.Length < users)
            Array.Resize(ref ordinals, Math.Max(users, Math.Min(2 * ordinals.Length, 2 * users)));
        ordinals.AsSpan(known).Fill(-1);
        givenBy = giver;
        return ordinals;
    }
}
