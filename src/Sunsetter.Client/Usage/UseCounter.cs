using System.Runtime.InteropServices;

namespace Sunsetter.Client.Usage;

/// <summary>Counts calls exactly, in memory, until the next batch is cut.</summary>
internal sealed class UseCounter
{
    /// <summary>Distinct keys held at most; above it a call is still answered but no longer counted, and that is reported.</summary>
    public const int Most = 200_000;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 16).Select(_ => new Stripe())];
    private int _keys;

    /// <summary>False when the counter is full and the call was not counted.</summary>
    public bool Add(UseKey key)
    {
        var stripe = _stripes[(uint)key.GetHashCode() % (uint)_stripes.Length];
        lock (stripe.Lock)
        {
            if (Volatile.Read(ref _keys) >= Most && !stripe.Counts.ContainsKey(key)) return false;
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(stripe.Counts, key, out var existed);
            count++;
            if (!existed) Interlocked.Increment(ref _keys);
            return true;
        }
    }

    /// <summary>Hands over everything counted so far and starts at nothing.</summary>
    public List<KeyValuePair<UseKey, long>> Cut()
    {
        var all = new List<KeyValuePair<UseKey, long>>(Volatile.Read(ref _keys));
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                all.AddRange(stripe.Counts);
                Interlocked.Add(ref _keys, -stripe.Counts.Count);
                stripe.Counts.Clear();
            }
        }
        return all;
    }

    private sealed class Stripe
    {
        public readonly Lock Lock = new();
        public readonly Dictionary<UseKey, long> Counts = [];
    }
}
