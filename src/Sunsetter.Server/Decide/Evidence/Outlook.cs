using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>When could it go, honestly: each affected customer's earliest day, were notices to go out on a given day.</summary>
/// <param name="Lines">The latest first.</param>
/// <param name="Possible">First day of the vendor's calendar on which everybody may be closed; null where freezes leave none.</param>
/// <param name="Known">False: that day lies in a year whose holidays are not published.</param>
internal sealed record Outlook(DateOnly TellingOn, IReadOnlyList<Outlook.Line> Lines, DateOnly? Possible, bool Known)
{
    internal sealed record Line(CustomerKey Customer, Text Name, CustomerClass Class, EarliestClose Earliest, UseLevel Use);

    public Line? BoundBy => Lines.Count == 0 ? null : Lines[0];

    /// <param name="customers">In the order of their keys.</param>
    public static Outlook Of(IEnumerable<(CustomerKey Customer, EntryOpened Opening)> customers, IReadOnlyDictionary<CustomerKey, NoticeQuestion> questions, NoticePolicy policy, ClosingDays days, string zone, DateOnly tellingOn)
    {
        var known = customers.ToList();
        var answers = new Dictionary<NoticeQuestion, EarliestClose>(ReferenceEqualityComparer.Instance);
        var lines = known.Select(one => new Line(one.Customer, one.Opening.Name, one.Opening.Class, Answer(questions[one.Customer]), questions[one.Customer].Use))
            .OrderByDescending(line => line.Earliest.Day).ToList();
        var schedule = new Schedule(tellingOn, new TimeOnly(10, 0), zone, tellingOn, 14);
        DateOnly? possible = lines.Count == 0 ? null : days.Next(
            known.Select(one => (Answer(questions[one.Customer]).Day, one.Opening.TimeZone)).Distinct().Max(one => ClosingInstant.FirstDay(schedule, one.Day, one.TimeZone)), known.Select(one => one.Customer).ToHashSet());
        return new Outlook(tellingOn, lines, possible, possible is null || !days.IsUnknown(possible.Value));

        EarliestClose Answer(NoticeQuestion question) => answers.TryGetValue(question, out var answer) ? answer : answers[question] = policy.EarliestClose(question, tellingOn);
    }
}
