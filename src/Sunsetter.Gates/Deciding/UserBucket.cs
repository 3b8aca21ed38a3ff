using System.Runtime.CompilerServices;

namespace Sunsetter.Gates;

/// <summary>
/// In which ten-thousandth of a module's users somebody is: floor(XXH32(user, seed) × 10000 / 2³²), seed = XXH32(module key, 0),
/// both over the UTF-16LE bytes. The same in every language and for ever, so that a gradual closing never wavers.
/// </summary>
public static class UserBucket
{
    /// <summary>The bucket of nobody: in no share.</summary>
    public const int None = 10_000;

    private const uint P1 = 2654435761, P2 = 2246822519, P3 = 3266489917, P4 = 668265263, P5 = 374761393;

    /// <summary>The bucket of a user of a module: 0–9,999, or <see cref="None"/> for an absent or empty user.</summary>
    /// <param name="module">The module's key.</param>
    /// <param name="user">The user's id as the application knows it; null or empty is nobody.</param>
    public static int Of(string module, string? user)
    {
        if (module is null) throw new ArgumentNullException(nameof(module));
        return Of(user, Seed(module));
    }

    internal static uint Seed(string module) => Hash(module, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Of(string? user, uint seed) =>
        user is null || user.Length == 0 ? None : (int)(((ulong)Hash(user, seed) * None) >> 32);

    /// <summary>XXH32 over the UTF-16LE bytes of a string.</summary>
    internal static unsafe uint Hash(string text, uint seed)
    {
        fixed (char* start = text)
        {
            var p = start;
            var left = text.Length;
            uint hash;
            if (left >= 8)
            {
                uint a = unchecked(seed + P1 + P2), b = seed + P2, c = seed, d = seed - P1;
                do
                {
                    a = Round(a, Pair(p));
                    b = Round(b, Pair(p + 2));
                    c = Round(c, Pair(p + 4));
                    d = Round(d, Pair(p + 6));
                    p += 8;
                    left -= 8;
                }
                while (left >= 8);
                hash = Rotate(a, 1) + Rotate(b, 7) + Rotate(c, 12) + Rotate(d, 18);
            }
            else
            {
                hash = seed + P5;
            }

            hash += (uint)text.Length * 2;
            for (; left >= 2; left -= 2, p += 2)
                hash = Rotate(hash + (Pair(p) * P3), 17) * P4;
            if (left == 1)
            {
                hash = Rotate(hash + ((*p & 0xffu) * P5), 11) * P1;
                hash = Rotate(hash + (((uint)*p >> 8) * P5), 11) * P1;
            }

            hash = (hash ^ (hash >> 15)) * P2;
            hash = (hash ^ (hash >> 13)) * P3;
            return hash ^ (hash >> 16);
        }
    }

    /// <summary>Two characters as the four bytes UTF-16LE would have, whatever the machine's byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Pair(char* p) => BitConverter.IsLittleEndian ? *(uint*)p : p[0] | ((uint)p[1] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint lane, uint input) => Rotate(lane + (input * P2), 13) * P1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rotate(uint value, int by) => (value << by) | (value >> (32 - by));
}
