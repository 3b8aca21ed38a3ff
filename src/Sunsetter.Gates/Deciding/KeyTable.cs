using System.Security.Cryptography;

namespace Sunsetter.Gates;

/// <summary>
/// An immutable map from strings to values, compared ordinally: one array, open addressing, half full at most. The hash is seeded per
/// process, so that nobody can prepare keys that collide. FrozenDictionary does not exist in netstandard2.0, and rebuilding one
/// for each delta costs more than the delta.
/// </summary>
internal sealed class KeyTable<T> where T : class
{
    public static readonly KeyTable<T> Empty = new(0);

    private readonly Slot[] _slots;
    private readonly int _mask;

    private KeyTable(int count)
    {
        var size = 4;
        while (size < count * 2) size <<= 1;
        _slots = new Slot[size];
        _mask = size - 1;
    }

    public int Count { get; private set; }

    public IEnumerable<KeyValuePair<string, T>> Items
    {
        get
        {
            foreach (var slot in _slots)
                if (slot.Key is not null)
                    yield return new KeyValuePair<string, T>(slot.Key, slot.Value);
        }
    }

    /// <summary>Later items win over earlier ones with the same key.</summary>
    public static KeyTable<T> Of(ICollection<KeyValuePair<string, T>> items)
    {
        if (items.Count == 0) return Empty;
        var table = new KeyTable<T>(items.Count);
        foreach (var item in items) table.Put(KeyHash.Of(item.Key), item.Key, item.Value);
        return table;
    }

    public T? Find(string key)
    {
        var hash = KeyHash.Of(key);
        var slots = _slots;
        for (var i = (int)hash & _mask; ; i = (i + 1) & _mask)
        {
            ref var slot = ref slots[i];
            if (slot.Key is null) return null;
            if (slot.Hash == hash && string.Equals(slot.Key, key)) return slot.Value;
        }
    }

    /// <summary>A copy with some keys set, or removed where the value is null.</summary>
    public KeyTable<T> With(ICollection<KeyValuePair<string, T?>> changes)
    {
        if (changes.Count == 0) return this;
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var added = 0;
        foreach (var change in changes)
        {
            if (change.Value is null) removed.Add(change.Key);
            else added++;
        }

        var table = new KeyTable<T>(Count + added);
        foreach (var slot in _slots)
            if (slot.Key is not null && (removed.Count == 0 || !removed.Contains(slot.Key)))
                table.Put(slot.Hash, slot.Key, slot.Value);
        foreach (var change in changes)
            if (change.Value is not null)
                table.Put(KeyHash.Of(change.Key), change.Key, change.Value);
        return table.Count == 0 ? Empty : table;
    }

    private void Put(uint hash, string key, T value)
    {
        for (var i = (int)hash & _mask; ; i = (i + 1) & _mask)
        {
            ref var slot = ref _slots[i];
            if (slot.Key is null) Count++;
            else if (slot.Hash != hash || !string.Equals(slot.Key, key)) continue;
            slot = new Slot { Hash = hash, Key = key, Value = value };
            return;
        }
    }

    private struct Slot
    {
        public string? Key;
        public T Value;
        public uint Hash;
    }
}

/// <summary>A fast seeded hash of a string for tables in this process; never stored, never sent.</summary>
internal static class KeyHash
{
    private const ulong K1 = 0x9E3779B97F4A7C15, K2 = 0xC2B2AE3D27D4EB4F;
    private static readonly ulong ProcessSeed = NewSeed();

    public static unsafe uint Of(string key)
    {
        fixed (char* start = key)
        {
            var length = key.Length;
            var hash = ProcessSeed ^ ((ulong)length * K2);
            if (length >= 4)
            {
                var p = start;
                var last = start + length - 4;
                for (; p < last; p += 4) hash = Mix(hash ^ *(ulong*)p);
                hash = Mix(hash ^ *(ulong*)last);
            }
            else
            {
                for (var i = 0; i < length; i++) hash = (hash << 16) ^ (hash >> 48) ^ start[i];
                hash = Mix(hash);
            }

            // The table takes the low bits: they must depend on every character, and a multiplication carries only upwards.
            return (uint)((hash * K2) >> 32);
        }
    }

    private static ulong Mix(ulong value)
    {
        value *= K1;
        return value ^ (value >> 32);
    }

    private static ulong NewSeed()
    {
        var bytes = new byte[8];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return BitConverter.ToUInt64(bytes, 0);
    }
}
