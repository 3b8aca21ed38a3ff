using System.Collections.Concurrent;
using System.Text.Json;

namespace Sunsetter.Server.Retirements;

/// <summary>One retirement whose state cannot be read stands still by itself: it is logged once, shown on Today, and holds up no other.</summary>
internal sealed partial class ReadableRetirements(ILogger<ReadableRetirements> logger)
{
    private readonly ConcurrentDictionary<RetirementId, (int Version, ModuleKey Module)> damaged = [];

    public IReadOnlyDictionary<RetirementId, (int Version, ModuleKey Module)> Damaged => damaged;

    public IReadOnlyList<Retirement> Of(IEnumerable<RetirementRow> rows)
    {
        var readable = new List<Retirement>();
        foreach (var row in rows)
            try
            {
                readable.Add(States.Read<Retirement>(row.State));
                damaged.TryRemove(row.Id, out _);
            }
            catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or FormatException)
            {
                if (!damaged.TryGetValue(row.Id, out var known) || known.Version != row.Version)
                    Unreadable(failure, row.Id.ToString());
                damaged[row.Id] = (row.Version, row.Module);
            }
        return readable;
    }

    /// <summary>The same, and of those that cannot be read what their rows say: a module on its way out is that all the same.</summary>
    public IReadOnlyList<Retirement> OrRows(IReadOnlyCollection<RetirementRow> rows) =>
        [.. Of(rows), .. rows.Where(row => damaged.ContainsKey(row.Id)).Select(row => new Retirement(row.Id) { IsDamaged = true, Module = row.Module, Stage = row.Stage })];

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of the retirement {Retirement} cannot be read; it stands still until that is mended.")]
    private partial void Unreadable(Exception failure, string retirement);
}
