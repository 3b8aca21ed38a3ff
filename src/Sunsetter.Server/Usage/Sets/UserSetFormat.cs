using System.Buffers.Binary;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>Writes a <see cref="UserSet"/> in the portable format of the Roaring specification (32-bit).</summary>
internal static class UserSetFormat
{
    /// <summary>First four bytes of a set without runs.</summary>
    public const uint CookieWithoutRuns = 12346;

    /// <summary>Lower half of the first four bytes of a set with runs; the upper half is the number of containers less one.</summary>
    public const uint CookieWithRuns = 12347;

    /// <summary>A set with runs has an offset header only from this many containers on.</summary>
    public const int OffsetsFrom = 4;

    public static int SizeOf(UserSet set)
    {
        var size = HeaderSize(set.Containers.Length, HasRuns(set));
        foreach (var container in set.Containers)
            size += container.SerialisedSize;
        return size;
    }

    /// <summary>The bytes of the set, laid out as it is; call <see cref="UserSet.Compact"/> before for the fewest.</summary>
    public static byte[] Write(UserSet set)
    {
        var bytes = new byte[SizeOf(set)];
        var containers = set.Containers;
        var runs = HasRuns(set);
        var at = WriteCookie(bytes, containers, runs);
        for (var i = 0; i < containers.Length; i++, at += 4)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), set.Keys[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), (ushort)(containers[i].Count - 1));
        }

        var offset = HeaderSize(containers.Length, runs);
        var offsets = !runs || containers.Length >= OffsetsFrom;
        foreach (var container in containers)
        {
            if (offsets)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)offset);
                at += 4;
            }
            container.Write(bytes.AsSpan(offset, container.SerialisedSize));
            offset += container.SerialisedSize;
        }
        return bytes;
    }

    internal static int HeaderSize(int containers, bool runs) => runs
        ? 4 + (containers + 7) / 8 + (containers >= OffsetsFrom ? 8 : 4) * containers
        : 8 + 8 * containers;

    private static int WriteCookie(Span<byte> bytes, ReadOnlySpan<Container> containers, bool runs)
    {
        if (!runs)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, CookieWithoutRuns);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], containers.Length);
            return 8;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, CookieWithRuns | (uint)(containers.Length - 1) << 16);
        for (var i = 0; i < containers.Length; i++)
            if (containers[i] is RunContainer)
                bytes[4 + i / 8] |= (byte)(1 << i % 8);
        return 4 + (containers.Length + 7) / 8;
    }

    private static bool HasRuns(UserSet set)
    {
        foreach (var container in set.Containers)
            if (container is RunContainer)
                return true;
        return false;
    }
}
