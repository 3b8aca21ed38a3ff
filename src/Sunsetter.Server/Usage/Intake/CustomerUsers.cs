using System.Buffers.Binary;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Numbers the users of many customers in one table, in the order of their first appearance. The same name at two customers is two users. A name of up to 15 bytes
/// lies in the table itself: looking it up costs one trip to memory, which is most of what reading a line of usage costs.
/// </summary>
internal sealed class CustomerUsers
{
    private const int Short = 15;

    private byte[] bytes = new byte[1_024];
    private (int Customer, int End)[] users = new (int, int)[64];
    private Slot[] slots = new Slot[128];

    public int Count { get; private set; }

    /// <summary>Bytes of memory held.</summary>
    public long Memory => bytes.Length + 8L * users.Length + 24L * slots.Length;

    public int CustomerOf(int user) => users[user].Customer;

    public ReadOnlySpan<byte> this[int user]
    {
        get
        {
            var start = user == 0 ? 0 : users[user - 1].End;
            return bytes.AsSpan(start, users[user].End - start);
        }
    }

    /// <returns>The number of the user, or -1.</returns>
    public int Find(int customer, ReadOnlySpan<byte> name) => slots[At(customer, name, Key(name))].User - 1;

    /// <returns>The number of the user, new or old.</returns>
    public int Add(int customer, ReadOnlySpan<byte> name)
    {
        var key = Key(name);
        ref var slot = ref slots[At(customer, name, key)];
        if (slot.User > 0)
            return slot.User - 1;
        var start = Count == 0 ? 0 : users[Count - 1].End;
        if (start + name.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(start + name.Length, 2 * bytes.Length));
        if (Count == users.Length)
            Array.Resize(ref users, 2 * Count);
        name.CopyTo(bytes.AsSpan(start));
        users[Count] = (customer, start + name.Length);
        slot = new(++Count, customer, key.First, key.Second);
        // Fuller than a table of numbers would be: its slots are neighbours in memory, and there are as many as users in a file.
        if (5 * Count > 4 * slots.Length)
            Rehash();
        return Count - 1;
    }

    private int At(int customer, ReadOnlySpan<byte> name, (ulong First, ulong Second) key)
    {
        var mask = slots.Length - 1;
        for (var at = Hash(customer, key) & mask; ; at = (at + 1) & mask)
        {
            ref readonly var slot = ref slots[at];
            if (slot.User == 0)
                return at;
            if (slot.First == key.First && slot.Second == key.Second && slot.Customer == customer && (name.Length <= Short || this[slot.User - 1].SequenceEqual(name)))
                return at;
        }
    }

    private void Rehash()
    {
        var before = slots;
        slots = new Slot[2 * before.Length];
        var mask = slots.Length - 1;
        foreach (ref readonly var slot in before.AsSpan())
        {
            if (slot.User == 0)
                continue;
            var at = Hash(slot.Customer, (slot.First, slot.Second)) & mask;
            while (slots[at].User > 0)
                at = (at + 1) & mask;
            slots[at] = slot;
        }
    }

    private static int Hash(int customer, (ulong First, ulong Second) key) => (int)Utf8Names.Hash(key.First, key.Second, customer);

    // A short name whole, with its length; of a longer one the beginning and a hash of all of it.
    private static (ulong First, ulong Second) Key(ReadOnlySpan<byte> name)
    {
        if (name.Length > Short)
            return (BinaryPrimitives.ReadUInt64LittleEndian(name), 0xffUL << 56 | (ulong)Utf8Names.Hash(name) << 8);
        var length = (ulong)name.Length << 56;
        if (name.Length >= 8)
            // The last eight bytes overlap the first; what they share is shifted out.
            return (BinaryPrimitives.ReadUInt64LittleEndian(name), length | (name.Length == 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]) >> 8 * (16 - name.Length)));
        if (name.Length >= 4)
            return (BinaryPrimitives.ReadUInt32LittleEndian(name) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32, length);
        ulong first = 0;
        foreach (var one in name)
            first = first << 8 | one;
        return (first, length);
    }

    /// <param name="User">Its number plus one; 0: nobody.</param>
    private readonly record struct Slot(int User, int Customer, ulong First, ulong Second);
}
