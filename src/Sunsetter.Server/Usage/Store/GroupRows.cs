using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage;

/// <summary>What a group of deliveries adds to the tables, with the numbers the database knows.</summary>
/// <param name="written">Where the rows of days come from.</param>
internal sealed class GroupRows(WrittenRows written)
{
    /// <summary>The module that stands for the whole product.</summary>
    public const int AnyModule = 0;

    private readonly Dictionary<(int Customer, int Day, int Block), DayRow> days = [];

    /// <summary>What is to be stored, each with one tally.</summary>
    public List<UsageDelivery> Deliveries { get; } = [];

    /// <summary>For each delivery, the stored number of each of its modules.</summary>
    public List<int[]> Modules { get; } = [];

    /// <summary>For each delivery, the stored number of each of its customers.</summary>
    public List<int[]> Customers { get; } = [];

    /// <summary>For each delivery, the stored number of each of its users among those of the customer.</summary>
    public List<int[]> Users { get; } = [];

    public IReadOnlyCollection<DayRow> Days => days.Values;

    public Dictionary<(int Module, long Hour, int Customer, int User), long> Refused { get; } = [];

    public Dictionary<(string Source, int Module, int Day), (long Events, long LastAt)> Reports { get; } = [];

    public void Add(UsageDelivery delivery)
    {
        Deliveries.Add(delivery);
        Deliveries.AddRange(delivery.Further.Select(tally => delivery with { Tally = tally, Further = [], Heartbeats = [] }));
    }

    public void Gather()
    {
        for (var number = 0; number < Deliveries.Count; number++)
            Gather(Deliveries[number], Modules[number], Customers[number], Users[number]);
    }

    private void Gather(UsageDelivery delivery, int[] modules, int[] customers, int[] users)
    {
        var tally = delivery.Tally;
        var events = new Dictionary<(int Module, int Day), int>();
        foreach (ref readonly var cell in tally.Cells)
            CollectionsMarshal.GetValueRefOrAddDefault(events, (cell.Module, cell.Day), out _) += cell.Events;
        foreach (var ((module, day), count) in events)
        {
            Report(delivery, modules[module], day, count);
            Report(delivery, AnyModule, day, count);
        }
        GatherUses(tally, modules, customers, users);
        foreach (var (call, calls) in tally.Refused)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(Refused, (modules[call.Module], call.Hour, customers[call.Customer], users[call.User]), out _) += calls;
            Report(delivery, AnyModule, UsageTally.DayOf(call.Hour * 3_600_000), 1);
        }
        foreach (var day in delivery.Heartbeats)
            Report(delivery, AnyModule, day, 0);
    }

    private void GatherUses(UsageTally tally, int[] modules, int[] customers, int[] users)
    {
        var cells = tally.Cells;
        var targets = new (DayRow? Row, uint Module)[cells.Length];
        foreach (var use in tally.Uses)
        {
            var ordinal = users[use.User];
            ref var target = ref targets[use.Cell];
            if (target.Row is not { } row || row.Block != ordinal >> 16)
            {
                ref readonly var cell = ref cells[use.Cell];
                row = Row(customers[cell.Customer], cell.Day, ordinal >> 16);
                // The calls of a cell count once, with whoever came first.
                if (target.Row is null)
                    row.Add(modules[cell.Module], cell);
                target = (row, (uint)modules[cell.Module] << 16);
            }
            row.Add(target.Module | (ushort)ordinal);
        }
    }

    private DayRow Row(int customer, int day, int block)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (customer, day, block), out _);
        return row ??= written.Of(customer, day, block);
    }

    private void Report(UsageDelivery delivery, int module, int day, int events)
    {
        var reported = delivery.ReportsToday ? UsageTally.DayOf(delivery.ReceivedAt.ToUnixTimeMilliseconds()) : day;
        ref var report = ref CollectionsMarshal.GetValueRefOrAddDefault(Reports, (delivery.Source, module, reported), out _);
        report = (report.Events + events, Math.Max(report.LastAt, delivery.ReceivedAt.ToUnixTimeMilliseconds()));
    }
}
