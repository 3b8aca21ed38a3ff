using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Gathers checked lines into a tally; lines that cannot be counted are named. One for each batch or part of a file.</summary>
internal sealed class UsageLines(KeySnapshot keys, DateTimeOffset now)
{
    private const int MostNamed = 1_000;

    private readonly List<RejectedLine> rejected = [];

    public UsageTally Tally { get; } = new();

    /// <summary>The first rejected lines, with the reason.</summary>
    public IReadOnlyList<RejectedLine> Rejected => rejected;

    /// <summary>How many lines were rejected in all.</summary>
    public int RejectedCount { get; private set; }

    public RejectedLine? LastRejected { get; private set; }

    public void Add(long line, in UsageEvent use)
    {
        if ((UsageLimits.Check(use, now) ?? Unknown(use)) is { } refusal)
            Reject(line, refusal);
        else
            Tally.Add(use);
    }

    public void Reject(long line, Refusal refusal)
    {
        RejectedCount++;
        LastRejected = new(line, refusal);
        if (rejected.Count < MostNamed)
            rejected.Add(LastRejected);
    }

    /// <summary>Names of the tally that the catalogue does not hold, at most 20 of each kind.</summary>
    public UnknownNames UnknownNames() => new(Unknown(Tally.Modules, keys.Modules), Unknown(Tally.Customers, keys.Customers));

    private Refusal? Unknown(in UsageEvent use)
    {
        // A name that is in the tally has been admitted.
        if (Tally.Modules.Find(use.Module) < 0 && !keys.Modules.Admits(use.Module))
            return new("usage.too-many-unknown-modules", "The catalogue does not know this module, and as many unknown modules as may be kept are there already. Add it to the catalogue first.", "目录中没有此模块，且未知模块数量已达上限。请先将其加入目录。");
        if (Tally.Customers.Find(use.Customer) < 0 && !keys.Customers.Admits(use.Customer))
            return new("usage.too-many-unknown-customers", "The catalogue does not know this customer, and as many unknown customers as may be kept are there already. Add it to the catalogue first.", "目录中没有此客户，且未知客户数量已达上限。请先将其加入目录。");
        return null;
    }

    private static List<string> Unknown(Utf8Names names, KeyLimit keys) =>
        [.. Enumerable.Range(0, names.Count).Select(number => Encoding.UTF8.GetString(names[number])).Where(name => !keys.Knows(name)).Take(20)];
}

/// <param name="Line">Position in the batch from 0, or line of the file from 1.</param>
internal sealed record RejectedLine(long Line, Refusal Reason);

internal sealed record UnknownNames(IReadOnlyList<string> Modules, IReadOnlyList<string> Customers);
