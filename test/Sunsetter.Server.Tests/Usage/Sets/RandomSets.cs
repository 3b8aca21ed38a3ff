using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage.Sets;

/// <summary>Sets in every shape the format knows: sparse, dense, runs, full containers, and mixtures over several containers.</summary>
internal static class RandomSets
{
    public static UserSet Next(Random chance)
    {
        var ordinals = new List<uint>();
        for (int parts = chance.Next(0, 5), i = 0; i < parts; i++)
        {
            var high = (uint)chance.Next(0, 6) switch { 5 => 0xffffu, var near => near } << 16;
            Fill(ordinals, high, chance);
        }
        var set = UserSet.Of([.. ordinals]);
        return chance.Next(2) == 0 ? set : set.Compact();
    }

    private static void Fill(List<uint> ordinals, uint high, Random chance)
    {
        switch (chance.Next(6))
        {
            case 0: // a few
                for (int n = chance.Next(1, 40), i = 0; i < n; i++)
                    ordinals.Add(high | (uint)chance.Next(1 << 16));
                break;
            case 1: // around the array limit
                for (int n = Container.ArrayLimit + chance.Next(-3, 4), i = 0; i < n; i++)
                    ordinals.Add(high | (uint)(i * 7 % (1 << 16)));
                break;
            case 2: // dense
                for (int n = chance.Next(5_000, 30_000), i = 0; i < n; i++)
                    ordinals.Add(high | (uint)chance.Next(1 << 16));
                break;
            case 3: // runs
                for (int runs = chance.Next(1, 30), i = 0; i < runs; i++)
                    for (int start = chance.Next(1 << 16), n = chance.Next(1, 3_000), k = start; k < Math.Min(1 << 16, start + n); k++)
                        ordinals.Add(high | (uint)k);
                break;
            case 4: // everybody
                for (uint k = 0; k < 1 << 16; k++)
                    ordinals.Add(high | k);
                break;
            default: // the corners
                ordinals.AddRange([high, high | 1, high | 63, high | 64, high | 0xfffe, high | 0xffff]);
                break;
        }
    }
}
