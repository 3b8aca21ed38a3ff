using System.Collections.Concurrent;

namespace Sunsetter.Server.Gates;

/// <summary>A bucket of tokens per key: refilled steadily, with room for a burst.</summary>
internal sealed class EdgeRate(TimeProvider clock, IConfiguration configuration)
{
    private readonly double perSecond = configuration.GetValue("Gates:RequestsPerSecond", 2_000d);
    private readonly double burst = configuration.GetValue("Gates:RequestBurst", 20_000d);
    private readonly ConcurrentDictionary<string, Bucket> buckets = new();

    /// <summary>Zero: go on. Else how long to wait.</summary>
    public TimeSpan Take(string kid)
    {
        var bucket = buckets.GetOrAdd(kid, _ => new Bucket { Tokens = burst, At = clock.GetTimestamp() });
        lock (bucket)
        {
            var now = clock.GetTimestamp();
            bucket.Tokens = Math.Min(burst, bucket.Tokens + (clock.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
            bucket.At = now;
            if (bucket.Tokens < 1)
                return TimeSpan.FromSeconds((1 - bucket.Tokens) / perSecond);
            bucket.Tokens--;
            return TimeSpan.Zero;
        }
    }

    private sealed class Bucket
    {
        public double Tokens;
        public long At;
    }
}
