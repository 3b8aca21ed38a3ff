using System.Runtime.InteropServices;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>Reckons all figures of one customer from its stored days, all modules in one pass. Pure.</summary>
internal static class FigureRule
{
    private const int History = HiddenDependents.History, Month = UsageQuestions.Month, Recent = 90;

    [ThreadStatic]
    private static Scratch? scratch;

    /// <param name="days">Of the last <see cref="HiddenDependents.History"/> days up to <paramref name="today"/>, in order.</param>
    /// <param name="known">Of each of these days, whether the module's use is known.</param>
    public static CustomerFigures Of(CustomerKey customer, long revision, DateOnly today, IReadOnlyList<StoredDay> days, Func<int, bool[]> known)
    {
        var from = today.DayNumber - History + 1;
        var uses = new Dictionary<int, List<Use>>();
        var (ownUsers, ownCalls) = (new int[History], new long[History]);
        foreach (var row in days)
            for (var reader = new DayFigures.Reader(row.Figures); reader.Next(out var figure);)
            {
                if (figure.Module == GroupRows.AnyModule)
                {
                    ownUsers[row.Day - from] += figure.People;
                    ownCalls[row.Day - from] += figure.Calls;
                    continue;
                }
                ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(uses, figure.Module, out _);
                (own ??= []).Add(new Use(row, figure));
            }
        return new CustomerFigures(customer, revision, Active(days, today), uses.ToDictionary(use => use.Key,
            use => Of(customer, today, use.Key, CollectionsMarshal.AsSpan(use.Value), known(use.Key), ownUsers, ownCalls)));
    }

    private static UseFigure Of(CustomerKey customer, DateOnly today, int module, Span<Use> uses, bool[] known, int[] ownUsers, long[] ownCalls)
    {
        var last = today.DayNumber - 1;
        Span<long> weeks = stackalloc long[UseFigure.Weeks];
        for (var week = 0; week < weeks.Length; week++)
            weeks[^(week + 1)] = Users(uses, module, last - 7 * week - 6, last - 7 * week);
        var calls = 0L;
        foreach (ref readonly var use in Stretch(uses, last - Month + 1, last))
            calls += use.Figure.Calls;
        return new UseFigure(
            customer, DateOnly.FromDayNumber(uses[^1].Row.Day), Users(uses, module, last, last), weeks[^1], Users(uses, module, last - Month + 1, last),
            Users(uses, module, last - 2 * Month + 1, last - Month), calls, Users(uses, module, today.DayNumber - Recent + 1, today.DayNumber), Counts.Of(weeks),
            (scratch ??= new Scratch()).Judge(customer, today, uses, known, ownUsers, ownCalls));
    }

    private static long? Active(IReadOnlyList<StoredDay> days, DateOnly today)
    {
        var recent = days.Where(row => row.Day > today.DayNumber - Recent).Select(row => (UserSet?)row.Anybody()).ToArray();
        return recent.Length == 0 ? null : UserSetUnion.Of(recent).Count;
    }

    /// <summary>Different users from one day to another.</summary>
    private static long Users(Span<Use> uses, int module, int from, int until)
    {
        var stretch = Stretch(uses, from, until);
        if (stretch.Length < 2)
            return stretch.Length == 0 ? 0 : stretch[0].Figure.People;
        var sets = new UserSet?[stretch.Length];
        for (var at = 0; at < sets.Length; at++)
            sets[at] = stretch[at].Set(module);
        return UserSetUnion.Of(sets).Count;
    }

    private static Span<Use> Stretch(Span<Use> uses, int from, int until)
    {
        var end = uses.Length;
        while (end > 0 && uses[end - 1].Row.Day > until)
            end--;
        var start = end;
        while (start > 0 && uses[start - 1].Row.Day >= from)
            start--;
        return uses[start..end];
    }

    /// <summary>One module in one block of a day; its set is cut out when it is first needed.</summary>
    private struct Use(StoredDay row, DayFigure figure)
    {
        private UserSet? users;

        public readonly StoredDay Row => row;
        public readonly DayFigure Figure => figure;

        public UserSet? Set(int module) => users ??= row.Set(module);
    }

    /// <summary>The detector looks at arrays of days; they are filled and emptied again for each module.</summary>
    private sealed class Scratch
    {
        private readonly int[] users = new int[History];
        private readonly long[] calls = new long[History], minutes = new long[History];

        public UseDependence Judge(CustomerKey customer, DateOnly today, Span<Use> uses, bool[] known, int[] ownUsers, long[] ownCalls)
        {
            var from = today.DayNumber - History + 1;
            foreach (ref readonly var use in uses)
            {
                var at = use.Row.Day - from;
                users[at] += use.Figure.People;
                calls[at] += use.Figure.Calls;
                minutes[at] |= (long)use.Figure.Minutes;
            }
            var found = HiddenDependents.OfUse(new DependenceInput(customer, DateOnly.FromDayNumber(from), users, calls, ownUsers, ownCalls, known, minutes, 0, 0));
            foreach (ref readonly var use in uses)
                (users[use.Row.Day - from], calls[use.Row.Day - from], minutes[use.Row.Day - from]) = (0, 0, 0);
            return found;
        }
    }
}
