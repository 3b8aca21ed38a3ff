using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Gathers checked lines into a tally; lines that cannot be counted are named. One for each batch or part of a file.</summary>
/// <param name="reused">An empty tally whose memory is used again.</param>
internal sealed class UsageLines(KeySnapshot keys, DateTimeOffset now, UsageTally? reused = null)
{
    private const int MostNamed = 1_000;

    private static readonly Refusal TooManyModules = new("usage.too-many-unknown-modules", "The catalogue does not know this module, and as many unknown modules as may be kept are there already. Add it to the catalogue first.", "目录中没有此模块，且未知模块数量已达上限。请先将其加入目录。");
    private static readonly Refusal NotYours = new("usage.unknown-module", "Neither the catalogue nor a server has named this module, and a browser key may not. Add it to the catalogue first.", "目录与服务器均未登记此模块，浏览器密钥不得登记新模块。请先将其加入目录。");
    private static readonly Refusal NoNumbers = new("usage.too-many-modules", $"Usage of {UnknownKeys.MostModules:N0} different modules was reported already, and no more can be told apart. Report it under a module that exists, or set up another Sunsetter for the rest.", $"已上报 {UnknownKeys.MostModules:N0} 个不同模块的使用数据，无法再区分更多模块。请归入已有模块上报，或为其余模块另设一套 Sunsetter。");
    private static readonly Refusal TooManyCustomers = new("usage.too-many-unknown-customers", "The catalogue does not know this customer, and as many unknown customers as may be kept are there already. Add it to the catalogue first.", "目录中没有此客户，且未知客户数量已达上限。请先将其加入目录。");

    private readonly List<RejectedLine> rejected = [];
    private readonly long latest = (now + UsageLimits.Ahead).ToUnixTimeMilliseconds();

    /// <summary>The sender may bring in modules that nobody has named before.</summary>
    public bool MayName { get; init; } = true;

    public UsageTally Tally { get; } = reused ?? new();

    /// <summary>The first rejected lines, with the reason.</summary>
    public IReadOnlyList<RejectedLine> Rejected => rejected;

    /// <summary>How many lines were rejected in all.</summary>
    public int RejectedCount { get; private set; }

    public RejectedLine? LastRejected { get; private set; }

    public void Add(long line, in UsageEvent use)
    {
        if (UsageLimits.Check(use, latest) is { } wrong)
        {
            Reject(line, wrong);
            return;
        }
        // A name that is in the tally has been looked at and admitted.
        var (module, customer) = (Tally.Modules.Find(use.Module), Tally.Customers.Find(use.Customer));
        var user = customer < 0 ? -1 : Tally.Users.Find(customer, use.User);
        if (module >= 0 && user >= 0)
        {
            Tally.Add(module, customer, user, use);
            return;
        }
        var refusal = (module < 0 ? UsageLimits.CheckModule(use.Module) : null)
            ?? (customer < 0 ? UsageLimits.CheckCustomer(use.Customer) : null)
            ?? (user < 0 ? UsageLimits.CheckUser(use.User) : null)
            ?? (module < 0 && !MayName && !keys.Modules.Has(use.Module) ? NotYours : null)
            ?? (module < 0 && !keys.Modules.Admits(use.Module) ? TooManyModules : null)
            ?? (module < 0 && !keys.Modules.CanNumber(use.Module) ? NoNumbers : null)
            ?? (customer < 0 && !keys.Customers.Admits(use.Customer) ? TooManyCustomers : null);
        if (refusal is not null)
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

    private static List<string> Unknown(Utf8Names names, KeyLimit keys) =>
        [.. Enumerable.Range(0, names.Count).Select(number => Encoding.UTF8.GetString(names[number])).Where(name => !keys.Knows(name)).Take(20)];
}

/// <param name="Line">Position in the batch from 0, or line of the file from 1.</param>
internal sealed record RejectedLine(long Line, Refusal Reason);

internal sealed record UnknownNames(IReadOnlyList<string> Modules, IReadOnlyList<string> Customers);
