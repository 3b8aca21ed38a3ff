namespace Sunsetter.Server.Usage;

/// <summary>Numbers the users of many customers in one table, in the order of their first appearance. The same name at two customers is two users.</summary>
internal sealed class CustomerUsers
{
    private byte[] bytes = new byte[1_024];
    private Entry[] entries = new Entry[64];
    private int[] slots = new int[128];

    public int Count { get; private set; }

    public int CustomerOf(int user) => entries[user].Customer;

    public ReadOnlySpan<byte> this[int user] => bytes.AsSpan(user == 0 ? 0 : entries[user - 1].End, entries[user].End - (user == 0 ? 0 : entries[user - 1].End));

    /// <returns>The number of the user, new or old.</returns>
    public int Add(int customer, ReadOnlySpan<byte> name)
    {
        var hash = Utf8Names.Hash(name, customer);
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var user = slots[slot] - 1;
            if (user < 0)
                return Append(slot, hash, customer, name);
            if (entries[user].Hash == hash && entries[user].Customer == customer && this[user].SequenceEqual(name))
                return user;
        }
    }

    /// <summary>Starts over, keeping the memory.</summary>
    public void Clear()
    {
        Array.Clear(slots);
        Count = 0;
    }

    private int Append(int slot, uint hash, int customer, ReadOnlySpan<byte> name)
    {
        var start = Count == 0 ? 0 : entries[Count - 1].End;
        if (start + name.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(start + name.Length, 2 * bytes.Length));
        if (Count == entries.Length)
            Array.Resize(ref entries, 2 * Count);
        name.CopyTo(bytes.AsSpan(start));
        entries[Count] = new(hash, customer, start + name.Length);
        slots[slot] = ++Count;
        if (2 * Count > slots.Length)
            Rehash();
        return Count - 1;
    }

    private void Rehash()
    {
        slots = new int[2 * slots.Length];
        var mask = slots.Length - 1;
        for (var user = 0; user < Count; user++)
        {
            var slot = (int)entries[user].Hash & mask;
            while (slots[slot] > 0)
                slot = (slot + 1) & mask;
            slots[slot] = user + 1;
        }
    }

    private readonly record struct Entry(uint Hash, int Customer, int End);
}
