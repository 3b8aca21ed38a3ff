using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// Reads a <see cref="UserSet"/> from bytes that anybody may have written. What it allocates is bounded by the bytes
/// that are there; the first thing that is not as the specification says ends the reading with a sentence.
/// </summary>
internal ref struct UserSetReader
{
    private readonly ReadOnlySpan<byte> bytes;
    private int at;
    private string? problem;

    private UserSetReader(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    /// <returns>False, with the reason, where the bytes are not one set in the portable format.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out UserSet? set, [NotNullWhen(false)] out string? problem)
    {
        var reader = new UserSetReader(bytes);
        set = reader.Read();
        problem = reader.problem;
        return set is not null;
    }

    /// <summary>Reads what we wrote ourselves; anything else is a damaged database.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a set; the message says why.</exception>
    public static UserSet Read(ReadOnlySpan<byte> bytes) =>
        TryRead(bytes, out var set, out var problem) ? set : throw new InvalidDataException(problem);

    /// <summary>The one container with this key of bytes that we wrote ourselves, without reading the others; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a set; the message says why.</exception>
    public static Container? Find(ReadOnlySpan<byte> bytes, ushort key)
    {
        var reader = new UserSetReader(bytes);
        var found = reader.FindOne(key);
        return reader.problem is null ? found : throw new InvalidDataException(reader.problem);
    }

    private Container? FindOne(ushort key)
    {
        var count = Head(out var runs);
        var described = runs ? 4 + (count + 7) / 8 : 8;
        for (var i = 0; i < count; i++)
        {
            var next = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(described + 4 * i)..]);
            if (next > key)
                return null;
            if (next < key)
                continue;
            at = UserSetFormat.HeaderSize(count, runs);
            var keys = new ushort[count];
            if (!runs || count >= UserSetFormat.OffsetsFrom)
                at = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(described + 4 * count + 4 * i)..]), (uint)bytes.Length);
            else
                for (var before = 0; before < i; before++)
                    ReadOne(before, keys, runs);
            // The key before is not read; a place for it is all that its check needs.
            return problem is null ? ReadOne(i, keys, runs) : null;
        }
        return null;
    }

    private UserSet? Read()
    {
        var count = Head(out var runs);
        if (problem is not null)
            return null;
        var keys = new ushort[count];
        var containers = new Container[count];
        at = UserSetFormat.HeaderSize(count, runs);
        for (var i = 0; i < keys.Length; i++)
        {
            if (ReadOne(i, keys, runs) is not { } container)
                return null;
            containers[i] = container;
        }
        return at == bytes.Length ? new UserSet(keys, containers) : Refuse($"{bytes.Length - at} bytes follow after the end of the set.");
    }

    /// <returns>How many containers there are; 0 with a problem where the head is not valid.</returns>
    private int Head(out bool runs)
    {
        runs = false;
        if (bytes.Length < 4)
            return RefuseHead("The set is cut off: it has no cookie.");
        var cookie = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        runs = (cookie & 0xffff) == UserSetFormat.CookieWithRuns;
        if (!runs && cookie != UserSetFormat.CookieWithoutRuns)
            return RefuseHead($"The set starts with {cookie}, not with the cookie 12346 or 12347 of the Roaring format.");
        if (!runs && bytes.Length < 8)
            return RefuseHead("The set is cut off: it does not say how many containers it has.");
        var count = runs ? (cookie >> 16) + 1 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (count > 1 << 16)
            return RefuseHead($"The set claims {count} containers; there can be 65,536 at most.");
        var header = UserSetFormat.HeaderSize((int)count, runs);
        return bytes.Length < header ? RefuseHead($"The set is cut off: its header needs {header} bytes and {bytes.Length} are there.") : (int)count;
    }

    private Container? ReadOne(int i, Span<ushort> keys, bool runs)
    {
        var n = keys.Length;
        var described = runs ? 4 + (n + 7) / 8 : 8;
        keys[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(described + 4 * i)..]);
        var values = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(described + 4 * i + 2)..]) + 1;
        if (i > 0 && keys[i] <= keys[i - 1])
            return RefuseContainer(i, "its key is not above the one before");
        if (!runs || n >= UserSetFormat.OffsetsFrom)
        {
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(described + 4 * n + 4 * i)..]);
            if (offset != at)
                return RefuseContainer(i, $"its offset says {offset} and it starts at {at}");
        }

        if (runs && (bytes[4 + i / 8] >> i % 8 & 1) != 0)
            return ReadRuns(i, values);
        return values <= Container.ArrayLimit ? ReadArray(i, values) : ReadBitmap(i, values);
    }

    private ArrayContainer? ReadArray(int i, int values)
    {
        if (!Take(2 * values, out var body))
            return (ArrayContainer?)RefuseContainer(i, "it is cut off");
        var array = GC.AllocateUninitializedArray<ushort>(values);
        body.CopyTo(MemoryMarshal.AsBytes(array.AsSpan()));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(array, array);
        return IsAscending(array) ? new ArrayContainer(array, values) : (ArrayContainer?)RefuseContainer(i, "its values are not ascending");
    }

    private static bool IsAscending(ReadOnlySpan<ushort> values)
    {
        var at = 1;
        for (; Vector.IsHardwareAccelerated && at <= values.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
            if (Vector.LessThanOrEqualAny(new Vector<ushort>(values[at..]), new Vector<ushort>(values[(at - 1)..])))
                return false;
        for (; at < values.Length; at++)
            if (values[at] <= values[at - 1])
                return false;
        return true;
    }

    private BitmapContainer? ReadBitmap(int i, int values)
    {
        if (!Take(BitmapContainer.Size, out var body))
            return (BitmapContainer?)RefuseContainer(i, "it is cut off");
        var words = GC.AllocateUninitializedArray<ulong>(BitmapContainer.Words);
        body.CopyTo(MemoryMarshal.AsBytes(words.AsSpan()));
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
        var count = BitmapContainer.PopCount(words);
        return count == values
            ? new BitmapContainer(words, count)
            : (BitmapContainer?)RefuseContainer(i, $"it has {count} bits and its header says {values}");
    }

    private RunContainer? ReadRuns(int i, int values)
    {
        if (!Take(2, out var head) || !Take(4 * BinaryPrimitives.ReadUInt16LittleEndian(head), out var body) || body.IsEmpty)
            return (RunContainer?)RefuseContainer(i, "it is cut off or has no runs");
        var pairs = new ushort[body.Length / 2];
        var end = -1;
        for (var k = 0; k < pairs.Length; k += 2)
        {
            pairs[k] = BinaryPrimitives.ReadUInt16LittleEndian(body[(2 * k)..]);
            pairs[k + 1] = BinaryPrimitives.ReadUInt16LittleEndian(body[(2 * k + 2)..]);
            if (pairs[k] <= end || pairs[k] + pairs[k + 1] >= Container.Span)
                return (RunContainer?)RefuseContainer(i, "its runs overlap or run past the end");
            end = pairs[k] + pairs[k + 1];
        }
        var container = new RunContainer(pairs);
        return container.Count == values
            ? container
            : (RunContainer?)RefuseContainer(i, $"its runs hold {container.Count} values and its header says {values}");
    }

    private bool Take(int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes.Length - at < length)
            return false;
        taken = bytes.Slice(at, length);
        at += length;
        return true;
    }

    private Container? RefuseContainer(int i, string why)
    {
        Refuse($"Container {i + 1} of the set is not valid: {why}.");
        return null;
    }

    private int RefuseHead(string sentence)
    {
        Refuse(sentence);
        return 0;
    }

    private UserSet? Refuse(string sentence)
    {
        problem = sentence;
        return null;
    }
}
