using System.Numerics;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>
/// How a day row's one set tells modules apart: a value is the module's number × 2^width + the user's place within the block of 65,536 users. The width is
/// as small as the row's users allow, so that a small customer's modules share containers instead of paying a header each.
/// </summary>
internal static class DayUsers
{
    /// <summary>A word of a bitmap holds one module at least.</summary>
    public const int Narrowest = 6;

    /// <summary>A whole block, one container a module.</summary>
    public const int Widest = 16;

    /// <summary>The width that holds this place.</summary>
    public static int WidthFor(int place) => Math.Max(Narrowest, 32 - BitOperations.LeadingZeroCount((uint)place));

    /// <summary>Places of those who used the module, or null where nobody did.</summary>
    public static Container? Find(ReadOnlySpan<byte> users, int width, int module)
    {
        var first = (uint)module << width;
        var shared = UserSetReader.Find(users, (ushort)(first >> 16));
        return shared is null || width == Widest ? shared : ContainerSlice.Of(shared, (ushort)first, 1 << width);
    }

    /// <summary>Places of those who used any module of a set that is not empty.</summary>
    public static Container Any(UserSet users, int width)
    {
        if (width == Widest)
            return ContainerUnion.Of(users.Containers);
        var (words, mask) = (new ulong[BitmapContainer.Words], (1u << width) - 1);
        foreach (var value in users.ToArray())
            words[(value & mask) >> 6] |= 1UL << (int)(value & mask);
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }

    /// <summary>The same set in a larger width.</summary>
    public static UserSet Widen(UserSet users, int from, int to)
    {
        if (from == to || users.IsEmpty)
            return users;
        var (values, mask) = (users.ToArray(), (1u << from) - 1);
        foreach (ref var value in values.AsSpan())
            value = value >> from << to | value & mask;
        return UserSet.FromSorted(values);
    }

    /// <summary>Every value that a module can have.</summary>
    public static UserSet All(int module, int width)
    {
        var first = (uint)module << width;
        return new UserSet([(ushort)(first >> 16)], [new RunContainer([(ushort)first, (ushort)((1 << width) - 1)])]);
    }
}
