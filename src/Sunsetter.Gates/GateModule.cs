namespace Sunsetter.Gates;

/// <summary>One module of a snapshot: its texts, its timelines and who has which. Immutable.</summary>
public sealed class GateModule
{
    internal GateModule(string key, LocalizedText name, GateTimeline @default, KeyTable<GateTimeline> customers)
    {
        Key = key;
        Name = name;
        Default = @default;
        CustomerTable = customers;
        UserSeed = UserBucket.Seed(key);
    }

    /// <summary>The module's key, compared ordinally.</summary>
    public string Key { get; }

    /// <summary>The module's name for people.</summary>
    public LocalizedText Name { get; }

    /// <summary>Why it goes, if told.</summary>
    public LocalizedText? Why { get; internal set; }

    /// <summary>What to use instead, if told.</summary>
    public GateAlternative? Alternative { get; internal set; }

    /// <summary>Whom to ask, if told.</summary>
    public GateContact? Contact { get; internal set; }

    /// <summary>The address of the announcement, if told.</summary>
    public string? Info { get; internal set; }

    /// <summary>The timeline of everybody who has none of their own.</summary>
    public GateTimeline Default { get; }

    /// <summary>Customers with a timeline of their own, in no particular order.</summary>
    public IEnumerable<KeyValuePair<string, GateTimeline>> Customers => CustomerTable.Items;

    /// <summary>How many customers have a timeline of their own.</summary>
    public int CustomerCount => CustomerTable.Count;

    internal KeyTable<GateTimeline> CustomerTable { get; }

    internal uint UserSeed { get; }

    /// <summary>Makes a module in code, as a server does.</summary>
    /// <param name="key">1–100 characters, none of them a control character.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="default">The timeline of everybody who has none of their own.</param>
    /// <param name="customers">Customers with a timeline of their own; the last of equal keys wins.</param>
    /// <param name="why">Why it goes.</param>
    /// <param name="alternative">What to use instead.</param>
    /// <param name="contact">Whom to ask.</param>
    /// <param name="info">The address of the announcement.</param>
    /// <exception cref="ArgumentException">A rule of the wire format is broken; the message names each.</exception>
    public static GateModule Of(
        string key, LocalizedText name, GateTimeline @default, IEnumerable<KeyValuePair<string, GateTimeline>>? customers = null,
        LocalizedText? why = null, GateAlternative? alternative = null, GateContact? contact = null, string? info = null)
    {
        if (name is null) throw new ArgumentNullException(nameof(name));
        if (@default is null) throw new ArgumentNullException(nameof(@default));
        var deviating = customers?.ToArray() ?? [];
        var module = new GateModule(key, name, @default, KeyTable<GateTimeline>.Of(deviating))
        {
            Why = why, Alternative = alternative, Contact = contact, Info = info,
        };
        var errors = new Reading.ErrorList();
        Reading.ModuleRules.Check(module, "module", errors);
        return errors.Any ? throw new ArgumentException(string.Join(" ", errors.Items), nameof(key)) : module;
    }

    /// <summary>The timeline that holds for a customer.</summary>
    /// <param name="customer">The customer's id; null or unknown: the default timeline.</param>
    public GateTimeline TimelineOf(string? customer) =>
        customer is null ? Default : CustomerTable.Find(customer) ?? Default;

    /// <summary>The same module as one customer may see it: with nobody else in it.</summary>
    /// <param name="customer">The customer's id.</param>
    public GateModule SeenBy(string? customer) =>
        new(Key, Name, TimelineOf(customer), KeyTable<GateTimeline>.Empty) { Why = Why, Alternative = Alternative, Contact = Contact, Info = Info };

    /// <summary>Every timeline that somebody has, each id once.</summary>
    internal Dictionary<string, GateTimeline> Timelines()
    {
        var all = new Dictionary<string, GateTimeline>(StringComparer.Ordinal) { [Default.Id] = Default };
        foreach (var customer in CustomerTable.Items) all[customer.Value.Id] = customer.Value;
        return all;
    }
}
