using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Demo;

/// <summary>The invented vendor as it stands on a day: its modules and its customers. The same for every day but for the dates.</summary>
internal sealed record DemoWorld(DateOnly Today, IReadOnlyList<DemoModule> Modules, IReadOnlyList<DemoCustomer> Customers)
{
    /// <summary>Length of the history of use.</summary>
    public const int Days = 400;

    private const int Seed = 20260601;

    public static DemoWorld On(DateOnly today) => new(today, DemoModules.All, DemoCustomers.Make(new Random(Seed)));

    public Workspace Workspace(string address) => new()
    {
        Vendor = new Text("Cloud Magpie (invented)", "云鹊通讯（虚构）"), PublicUrl = address, SupportEmail = "support@magpie.example", SupportPhone = "+86 400 000 0000", Demo = true,
    };
}

/// <summary>A module and how much of the customer base uses it.</summary>
/// <param name="Reach">Share of customers that use it at all.</param>
/// <param name="Depth">Share of their users on a working day.</param>
/// <param name="Growth">Change over the whole history: 0.5 is half as much again, -0.6 six tenths less.</param>
internal sealed record DemoModule(
    string Key, string En, string Zh, string Class, string Owner, int Cost, string Since, double Reach, double Depth, double Growth, string[] Needs, string[] Replacements, string[] Capabilities, string Description);

/// <param name="Story">The planted case, if any; see <see cref="DemoCustomers"/>.</param>
internal sealed record DemoCustomer(
    string Key, string En, string Zh, string Tier, string Class, string AccountManager, int Users, decimal AnnualValue, string Currency, int? Notice, string Zone, string Locale, string Country, string? Story)
{
    public string Domain => $"{Key}.example";
}
