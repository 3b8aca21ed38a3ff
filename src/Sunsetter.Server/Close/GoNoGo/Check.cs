using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

internal enum Standing
{
    Ready,

    /// <summary>Worth knowing; it does not forbid the closing.</summary>
    Note,
    Blocks,
}

/// <summary>One line of the go/no-go list.</summary>
/// <param name="Code">Stable, such as <c>reach.key-customers</c>.</param>
/// <param name="Question">What was looked at.</param>
/// <param name="Evidence">What was found.</param>
/// <param name="Href">Where it is mended or seen, below the retirement's own address.</param>
/// <param name="Customers">Whose entries are the reason; empty where it is about the retirement as a whole.</param>
internal sealed record Check(string Code, Text Question, Standing Standing, Text Evidence, string Href, IReadOnlyList<CustomerKey> Customers)
{
    public static Check Of(string code, Text question, bool ready, Text evidence, string href) =>
        new(code, question, ready ? Standing.Ready : Standing.Blocks, evidence, href, []);

    /// <summary>A line over the entries that are in the way: ready where there are none.</summary>
    public static Check Over(string code, Text question, IReadOnlyList<LedgerEntry> inTheWay, Text ready, Func<Text, Text> evidence, string href, Standing worst = Standing.Blocks) => inTheWay.Count == 0
        ? new Check(code, question, Standing.Ready, ready, href, [])
        : new Check(code, question, worst, evidence(Names(inTheWay)), href, [.. inTheWay.Select(entry => entry.Customer)]);

    private static Text Names(IReadOnlyList<LedgerEntry> entries)
    {
        const int shown = 3;
        var more = entries.Count - shown;
        return new Text(
            string.Join(", ", entries.Take(shown).Select(entry => entry.Name.En)) + (more > 0 ? $" and {more} more" : ""),
            string.Join("、", entries.Take(shown).Select(entry => entry.Name.Zh)) + (more > 0 ? $"等 {entries.Count} 个客户" : ""));
    }
}
