using System.Numerics;
using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Numbers names in the order of their first appearance. Names are looked up as the UTF-8 bytes they arrive in, and kept
/// back to back in one array: half a million user names cost their bytes and twelve more each. Not for two threads at once.
/// </summary>
internal sealed class Utf8Names
{
    // Names come from outside; a secret start keeps anybody from choosing names that collide.
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    private byte[] bytes = new byte[256];
    private int[] ends = new int[16];
    private int[] slots = new int[32];

    public int Count { get; private set; }

    /// <summary>Bytes of memory held.</summary>
    public long Memory => bytes.Length + 4L * (ends.Length + slots.Length);

    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var start = number == 0 ? 0 : ends[number - 1];
            return bytes.AsSpan(start, ends[number] - start);
        }
    }

    /// <returns>The number of the name, or -1.</returns>
    public int Find(ReadOnlySpan<byte> name)
    {
        var at = Slot(name);
        return slots[at] - 1;
    }

    /// <returns>The number of the name, new or old.</returns>
    public int Add(ReadOnlySpan<byte> name)
    {
        var at = Slot(name);
        if (slots[at] > 0)
            return slots[at] - 1;

        var start = Count == 0 ? 0 : ends[Count - 1];
        if (start + name.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(start + name.Length, 2 * bytes.Length));
        if (Count == ends.Length)
            Array.Resize(ref ends, 2 * Count);
        name.CopyTo(bytes.AsSpan(start));
        ends[Count] = start + name.Length;
        slots[at] = ++Count;
        if (2 * Count > slots.Length)
            Rehash(2 * slots.Length);
        return Count - 1;
    }

    private void Rehash(int size)
    {
        slots = new int[size];
        for (var number = 0; number < Count; number++)
            slots[Slot(this[number])] = number + 1;
    }

    private int Slot(ReadOnlySpan<byte> name)
    {
        var mask = slots.Length - 1;
        for (var at = (int)Hash(name) & mask; ; at = (at + 1) & mask)
            if (slots[at] == 0 || this[slots[at] - 1].SequenceEqual(name))
                return at;
    }

    /// <summary>A hash of the name, with a secret start.</summary>
    internal static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = Seed ^ (ulong)name.Length;
        for (; name.Length > 8; name = name[8..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(name));
        hash = Mix(hash ^ Last(name));
        return (uint)(hash ^ hash >> 32);
    }

    /// <summary>A hash of a name that was packed into two numbers.</summary>
    internal static uint Hash(ulong first, ulong rest, int apart)
    {
        var hash = Mix(Mix(Seed ^ first ^ (ulong)(uint)apart << 32) ^ rest);
        return (uint)(hash ^ hash >> 32);
    }

    // Up to eight bytes as one number; the length is in the hash already.
    private static ulong Last(ReadOnlySpan<byte> rest) => rest.Length switch
    {
        8 => MemoryMarshal.Read<ulong>(rest),
        >= 4 => MemoryMarshal.Read<uint>(rest) | (ulong)MemoryMarshal.Read<uint>(rest[^4..]) << 32,
        > 0 => (ulong)(rest[0] | rest[rest.Length / 2] << 8 | rest[^1] << 16),
        _ => 0,
    };

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15, out var low);
        return BitOperations.RotateLeft(high ^ low, 23);
    }
}
