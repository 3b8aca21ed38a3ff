using System.Buffers.Binary;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>Values as runs of consecutive numbers: pairs of the first value and the length less one.</summary>
internal sealed class RunContainer : Container
{
    private readonly ushort[] pairs;

    /// <param name="pairs">Start and length less one of each run; ascending, not overlapping.</param>
    public RunContainer(ushort[] pairs)
    {
        this.pairs = pairs;
        var count = 0;
        for (var i = 1; i < pairs.Length; i += 2)
            count += pairs[i] + 1;
        Count = count;
    }

    public ReadOnlySpan<ushort> Pairs => pairs;

    public int Runs => pairs.Length / 2;

    public override int Count { get; }

    public override int SerialisedSize => SizeOf(Runs);

    public static int SizeOf(int runs) => 2 + 4 * runs;

    /// <summary>The values of another container as <paramref name="runs"/> runs.</summary>
    public static RunContainer From(Container other, int runs)
    {
        var pairs = new ushort[2 * runs];
        var values = new uint[other.Count];
        other.CopyTo(values, 0);
        var at = -2;
        var next = uint.MaxValue;
        foreach (var value in values)
        {
            if (value == next)
                pairs[at + 1]++;
            else
                pairs[at += 2] = (ushort)value;
            next = value + 1;
        }
        return new RunContainer(pairs);
    }

    public override bool Contains(ushort value)
    {
        int low = 0, high = Runs - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var start = pairs[2 * middle];
            if (value < start)
                high = middle - 1;
            else if (value - start <= pairs[2 * middle + 1])
                return true;
            else
                low = middle + 1;
        }
        return false;
    }

    public override int CopyTo(Span<uint> destination, uint high)
    {
        var n = 0;
        for (var i = 0; i < pairs.Length; i += 2)
            for (uint value = pairs[i], end = value + pairs[i + 1]; value <= end; value++)
                destination[n++] = high | value;
        return n;
    }

    public override void AddTo(Span<ulong> words)
    {
        for (var i = 0; i < pairs.Length; i += 2)
            Bitwise.Fill(words, pairs[i], pairs[i] + pairs[i + 1], set: true);
    }

    public override int CountRuns()
    {
        // Foreign bytes may hold two runs that touch; they count as one.
        var runs = Runs;
        for (var i = 2; i < pairs.Length; i += 2)
            runs -= pairs[i - 2] + pairs[i - 1] + 1 == pairs[i] ? 1 : 0;
        return runs;
    }

    public override void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)Runs);
        for (var i = 0; i < pairs.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 + 2 * i)..], pairs[i]);
    }
}
