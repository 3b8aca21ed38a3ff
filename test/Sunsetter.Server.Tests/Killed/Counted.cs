using System.Globalization;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>What the server has accepted, kept beside it: calls and users by module, customer and day.</summary>
internal sealed class Counted
{
    private readonly Dictionary<(string Module, string Customer, string Day), (long Calls, HashSet<string> Users)> days = [];

    public long Lines { get; private set; }

    public void Add(IEnumerable<(string Module, string Customer, string Day, string User)> accepted)
    {
        lock (days)
            foreach (var (module, customer, day, user) in accepted)
            {
                if (!days.TryGetValue((module, customer, day), out var known))
                    known = (0, []);
                known.Users.Add(user);
                days[(module, customer, day)] = (known.Calls + 1, known.Users);
                Lines++;
            }
    }

    /// <summary>One line for each module, customer and day, in order.</summary>
    public IReadOnlyList<string> Written() =>
        [.. days.Select(day => string.Create(CultureInfo.InvariantCulture, $"{day.Key.Module} {day.Key.Customer} {day.Key.Day} {day.Value.Users.Count} {day.Value.Calls}")).Order(StringComparer.Ordinal)];
}
