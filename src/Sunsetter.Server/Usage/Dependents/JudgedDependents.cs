using System.Collections.Concurrent;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Remembers whom the detector found for each module; good for as long as all that it looked at is the same.</summary>
internal sealed class JudgedDependents
{
    private const int MostModules = 64;

    private readonly ConcurrentDictionary<ModuleKey, (JudgedGround Ground, IReadOnlyList<HiddenDependent> Found)> latest = [];

    public IReadOnlyList<HiddenDependent>? Find(ModuleKey module, JudgedGround ground) =>
        latest.TryGetValue(module, out var before) && before.Ground.Same(ground) ? before.Found : null;

    public IReadOnlyList<HiddenDependent> Keep(ModuleKey module, JudgedGround ground, IReadOnlyList<HiddenDependent> found)
    {
        if (latest.Count >= MostModules)
            latest.Clear();
        latest[module] = (ground, found);
        return found;
    }
}

/// <summary>What a judgement rests on.</summary>
/// <param name="OfModule">See <see cref="ModuleDays.Stamp"/>; <paramref name="OfAll"/> that of any module.</param>
/// <param name="Known">Of each day, whether its use is known.</param>
/// <param name="Values">Contract values.</param>
internal sealed record JudgedGround(DateOnly Until, long OfModule, long OfAll, bool[] Known, Dictionary<CustomerKey, decimal> Values)
{
    public bool Same(JudgedGround other) =>
        Until == other.Until && OfModule == other.OfModule && OfAll == other.OfAll && Known.AsSpan().SequenceEqual(other.Known)
        && Values.Count == other.Values.Count && Values.All(value => other.Values.TryGetValue(value.Key, out var now) && now == value.Value);
}
