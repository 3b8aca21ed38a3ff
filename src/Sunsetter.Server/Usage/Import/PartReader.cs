using System.Buffers;

namespace Sunsetter.Server.Usage;

/// <summary>Reads the lines of one part of a file on several threads, each into a tally of its own. What was rejected comes out in the order of the file.</summary>
internal sealed class PartReader
{
    public static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly UsageFileReader[] readers;
    private readonly Task[] last = new Task[Threads];
    private readonly Queue<Task<string>> pending = [];
    private readonly TextWriter? rejects;
    private int blocks;

    /// <param name="tallies">One for each of <see cref="Threads"/>; what they held is forgotten.</param>
    /// <param name="names">One for each of them: what it has named before.</param>
    public PartReader(UsageFileReader reader, KeySnapshot keys, DateTimeOffset now, IReadOnlyList<UsageTally> tallies, IReadOnlyList<TallyNames> names, TextWriter? rejects)
    {
        this.rejects = rejects;
        readers = [.. Enumerable.Range(0, Threads).Select(_ => reader.Twin())];
        foreach (var (tally, known) in tallies.Zip(names))
            tally.Clear(known);
        Lines = [.. tallies.Select(tally => new UsageLines(keys, now, tally))];
        Array.Fill(last, Task.CompletedTask);
    }

    /// <summary>What was read; whole once <see cref="Finish"/> has come back.</summary>
    public IReadOnlyList<UsageLines> Lines { get; }

    /// <summary>Hands the block to a thread; waits while all have enough to do.</summary>
    public async Task Read(FileBlock block)
    {
        if (pending.Count == 2 * Threads)
            await WriteRejects();
        var copy = ArrayPool<byte>.Shared.Rent(block.Bytes.Length);
        block.Bytes.CopyTo(copy);
        var thread = blocks++ % Threads;
        var reading = Read(last[thread], block with { Bytes = copy.AsMemory(0, block.Bytes.Length) }, copy, thread);
        last[thread] = reading;
        pending.Enqueue(reading);
    }

    public async Task Finish()
    {
        while (pending.Count > 0)
            await WriteRejects();
    }

    private async Task WriteRejects()
    {
        var rejected = await pending.Dequeue();
        if (rejected.Length > 0)
            await rejects!.WriteAsync(rejected);
    }

    private async Task<string> Read(Task before, FileBlock block, byte[] rented, int thread)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var rejected = rejects is null ? null : new StringWriter { NewLine = rejects.NewLine };
            block.ReadInto(readers[thread], Lines[thread], rejected);
            return rejected?.ToString() ?? "";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
