using System.Runtime.CompilerServices;
#if NET
using System.Runtime.InteropServices;
#endif

namespace Sunsetter.Gates;

/// <summary>
/// In which ten-thousandth of a module's users somebody is: floor(XXH32(user, seed) × 10000 / 2³²), seed = XXH32(module key, 0),
/// both over the UTF-16LE bytes. The same in every language and for ever, so that a gradual closing never wavers.
/// </summary>
public static class UserBucket
{
    /// <summary>The bucket of nobody: in no share.</summary>
    public const int None = 10_000;

    /// <summary>The lot of nobody: in no share.</summary>
    internal const ulong NoLot = ulong.MaxValue;

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

    /// <summary>Where the hash of a user lies, of 2³²; of nobody beyond all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Lot(string? user, uint seed) => user is null || user.Length == 0 ? NoLot : Hash(user, seed);

    /// <summary>The lots below it are those of the users whose bucket is in a share: ⌈share × 2³² / 10000⌉.</summary>
    internal static ulong FirstLotAfter(int share) => (((ulong)share << 32) + None - 1) / None;

    /// <summary>XXH32 over the UTF-16LE bytes of a string.</summary>
    internal static uint Hash(string text, uint seed)
    {
#if NET
        // By reference: pinning the string costs a tenth of the hash.
        return Hash(ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan())), (nint)text.Length * 2, seed);
#else
        unsafe
        {
            fixed (char* start = text) return Hash(ref *(byte*)start, (nint)text.Length * 2, seed);
        }
#endif
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ref byte start, nint length, uint seed)
    {
        nint at = 0;
        uint hash;
        if (length >= 16)
        {
            uint a = unchecked(seed + P1 + P2), b = seed + P2, c = seed, d = seed - P1;
            do
            {
                a = Round(a, Pair(ref start, at));
                b = Round(b, Pair(ref start, at + 4));
                c = Round(c, Pair(ref start, at + 8));
                d = Round(d, Pair(ref start, at + 12));
                at += 16;
            }
            while (at + 16 <= length);
            hash = Rotate(a, 1) + Rotate(b, 7) + Rotate(c, 12) + Rotate(d, 18);
        }
        else
        {
            hash = seed + P5;
        }

        hash += (uint)length;
        for (; at + 4 <= length; at += 4)
            hash = Rotate(hash + (Pair(ref start, at) * P3), 17) * P4;
        if (at < length)
        {
            var last = One(ref start, at);
            hash = Rotate(hash + ((last & 0xffu) * P5), 11) * P1;
            hash = Rotate(hash + ((last >> 8) * P5), 11) * P1;
        }

        hash = (hash ^ (hash >> 15)) * P2;
        hash = (hash ^ (hash >> 13)) * P3;
        return hash ^ (hash >> 16);
    }

    /// <summary>Two characters as the four bytes UTF-16LE would have, whatever the machine's byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pair(ref byte start, nint at) =>
        BitConverter.IsLittleEndian ? Read<uint>(ref start, at) : One(ref start, at) | (One(ref start, at + 2) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint One(ref byte start, nint at) => Read<ushort>(ref start, at);

    /// <summary>Whoever calls has counted: it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
#if NET
    private static T Read<T>(ref byte start, nint at) where T : unmanaged => Unsafe.ReadUnaligned<T>(ref Unsafe.AddByteOffset(ref start, at));
#else
    private static unsafe T Read<T>(ref byte start, nint at) where T : unmanaged
    {
        fixed (byte* p = &start) return *(T*)(p + at);
    }
#endif

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint lane, uint input) => Rotate(lane + (input * P2), 13) * P1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rotate(uint value, int by) => (value << by) | (value >> (32 - by));
}
