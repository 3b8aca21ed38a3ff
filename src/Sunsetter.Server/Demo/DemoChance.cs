namespace Sunsetter.Server.Demo;

/// <summary>Chance that is the same in every run and needs no order: a number between 0 and 1 for any combination of numbers.</summary>
internal static class DemoChance
{
    public static double Of(int first, int second = 0, int third = 0, int fourth = 0)
    {
        var mixed = Mix(Mix(Mix(Mix(0x5EED2026UL + (ulong)(uint)first) + (ulong)(uint)second) + (ulong)(uint)third) + (ulong)(uint)fourth);
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }

    // SplitMix64.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
