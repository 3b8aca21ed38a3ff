using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage;

/// <summary>What a group of deliveries adds to the tables, with the numbers the database knows.</summary>
internal sealed class GroupRows
{
    /// <summary>The module that stands for the whole product.</summary>
    public const int AnyModule = 0;

    private readonly Dictionary<(int Module, int Day, int Customer), DayRow> days = [];

    public List<UsageDelivery> Deliveries { get; } = [];

    /// <summary>For each delivery, the stored number of each of its modules.</summary>
    public List<int[]> Modules { get; } = [];

    /// <summary>For each delivery, the stored number of each of its customers and of their users.</summary>
    public List<(int Id, uint[] Users)[]> Customers { get; } = [];

    public IReadOnlyCollection<DayRow> Days => days.Values;

    public Dictionary<(int Module, long Hour, int Customer, int User), long> Refused { get; } = [];

    public Dictionary<(string Source, int Module, int Day), (long Events, long LastAt)> Reports { get; } = [];

    public void Gather()
    {
        for (var number = 0; number < Deliveries.Count; number++)
            Gather(Deliveries[number], Modules[number], Customers[number]);
    }

    private void Gather(UsageDelivery delivery, int[] modules, (int Id, uint[] Users)[] customers)
    {
        foreach (var cell in delivery.Tally.Cells)
        {
            var (customer, users) = customers[cell.Customer];
            Row(modules[cell.Module], cell.Day, customer).Add(cell, users);
            Row(AnyModule, cell.Day, customer).Add(cell, users);
            Report(delivery, modules[cell.Module], cell.Day, cell.Events);
            Report(delivery, AnyModule, cell.Day, cell.Events);
        }
        foreach (var (call, calls) in delivery.Tally.Refused)
        {
            var (customer, users) = customers[call.Customer];
            CollectionsMarshal.GetValueRefOrAddDefault(Refused, (modules[call.Module], call.Hour, customer, (int)users[call.User]), out _) += calls;
            Report(delivery, AnyModule, UsageTally.DayOf(call.Hour * 3_600_000), 1);
        }
        foreach (var day in delivery.Heartbeats)
            Report(delivery, AnyModule, day, 0);
    }

    private DayRow Row(int module, int day, int customer)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (module, day, customer), out _);
        return row ??= new DayRow(module, day, customer);
    }

    private void Report(UsageDelivery delivery, int module, int day, int events)
    {
        ref var report = ref CollectionsMarshal.GetValueRefOrAddDefault(Reports, (delivery.Source, module, day), out _);
        report = (report.Events + events, Math.Max(report.LastAt, delivery.ReceivedAt.ToUnixTimeMilliseconds()));
    }
}
