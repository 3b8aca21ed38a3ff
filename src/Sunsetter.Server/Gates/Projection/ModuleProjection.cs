using Sunsetter.Gates;
using Sunsetter.Gates.Planning;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>What an application is told of one module: from the terms of its retirement, pure.</summary>
internal static class ModuleProjection
{
    private const int LongestText = 4_000, LongestModule = 100, LongestCustomer = 200, LongestUrl = 2_000;

    private static readonly GateTimeline Open = GateTimeline.Of();

    public static GateModule NotRetiring(string key, GateBasis basis) => GateModule.Of(key, Name(key, basis), Open);

    public static GateModule Retiring(GateTerms terms, GateBasis basis, GateTimeline common, IEnumerable<KeyValuePair<string, GateTimeline>> customers)
    {
        var key = terms.Module.Value;
        return GateModule.Of(
            key, Name(key, basis), common, customers.Where(customer => customer.Value.Id != common.Id),
            Why(terms), Alternative(terms, basis), Contact(basis), Url(basis, $"/announcements/{Uri.EscapeDataString(key)}"));
    }

    /// <summary>What the wire format would refuse is left out, so that one bad name does not keep everybody's gates from moving.</summary>
    public static bool IsModule(string key) => IsName(key, LongestModule);

    public static bool IsPage(string url) => url.Length is > 0 and <= LongestUrl && IsName(url, LongestUrl) && (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) && Uri.TryCreate(url, UriKind.Absolute, out _);

    public static bool IsCustomer(string key) => IsName(key, LongestCustomer);

    public static GateTimeline Common(GateTerms terms, GateBasis basis) =>
        terms is { InForce: true, Schedule: { } schedule }
            ? TimelineCompiler.Compile(PlanOf(terms, schedule, terms.Confirmed?.Holds(schedule)), CustomerDeviation.None with { Zone = Days.Zone(schedule.Zone), IsWorkingDay = basis.WorkingDays(null) })
            : Open;

    public static GateTimeline Of(GateTerms terms, EntryGateTerms entry, GateBasis basis)
    {
        if (terms is not { InForce: true, Schedule: { } schedule })
            return Open;
        var day = schedule.DayFor(entry.Wave, entry.ExtendedUntil);
        return TimelineCompiler.Compile(PlanOf(terms, schedule, terms.Confirmed?.HoldsFor(schedule, entry.Wave, entry.ExtendedUntil, entry.Waves)), new CustomerDeviation
        {
            ClosesAt = schedule.InstantOf(day),
            Extended = day != schedule.DayOf(entry.Wave),
            ClosedAt = entry.ClosedAt,
            Restored = entry.Restore is { } restore ? new RestoredSpan(restore.From, restore.Until) : null,
            SparedFromBrownouts = entry.Moved,
            Zone = Days.Zone(entry.TimeZone),
            IsWorkingDay = basis.WorkingDays(entry.Country),
        });
    }

    private static ClosingPlan PlanOf(GateTerms terms, Schedule schedule, bool? goHolds) => new()
    {
        WarnFrom = schedule.WarnFromInstant,
        ClosesAt = schedule.InstantOf(schedule.ClosesOn),
        ConfirmedAt = goHolds == true ? terms.Confirmed!.At : null,
        Restored = terms.Restore is { } restore ? new RestoredSpan(restore.From, restore.Until) : null,
        Brownouts = [.. terms.Brownouts.Select(brownout => Rehearsals.Planned(brownout, schedule))],
        Gradual = [.. terms.Gradual.Select(share => new GradualStep(TimeSpan.FromHours(share.HoursBefore), share.Percent * 100))],
    };

    private static LocalizedText Name(string key, GateBasis basis) => basis.Modules.TryGetValue(key, out var name) && name.En.Length > 0 ? Both(name) : LocalizedText.Of(key, key);

    private static LocalizedText? Why(GateTerms terms) => terms.Reasons.IsDefaultOrEmpty
        ? null
        : LocalizedText.Of(Cut(string.Join(" ", terms.Reasons.Select(reason => reason.Explanation.En))), Cut(string.Concat(terms.Reasons.Select(reason => reason.Explanation.Zh))));

    private static GateAlternative? Alternative(GateTerms terms, GateBasis basis) =>
        terms.Replacement is { } replacement && IsModule(replacement.Value) ? new GateAlternative(replacement.Value, Name(replacement.Value, basis), basis.Pages.GetValueOrDefault(replacement.Value)) : null;

    private static GateContact? Contact(GateBasis basis) =>
        IsName(basis.SupportEmail, 320) ? new GateContact(VendorName(basis.Vendor) is var name && IsName(name, 200) ? name : null, null, basis.SupportEmail) : null;

    /// <summary>A contact has one name on the wire: it is to be known by it in both languages.</summary>
    private static string VendorName(Text vendor) => vendor.Zh.Length == 0 || vendor.Zh == vendor.En ? vendor.En : $"{vendor.En} · {vendor.Zh}";

    private static string? Url(GateBasis basis, string path) =>
        basis.PublicUrl.TrimEnd('/') + path is var url && IsPage(url) ? url : null;

    private static LocalizedText Both(Text text) => LocalizedText.Of(Cut(text.En), Cut(text.Zh));

    private static string Cut(string text)
    {
        var whole = IsWellFormed(text) ? text : new string([.. text.Where(letter => !char.IsSurrogate(letter))]);
        return whole.Length <= LongestText ? whole : whole[..(char.IsHighSurrogate(whole[LongestText - 1]) ? LongestText - 1 : LongestText)];
    }

    private static bool IsName(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(letter => letter is < ' ' or '\u007f') && IsWellFormed(text);

    /// <summary>Whether each surrogate has its other half: else it would not survive UTF-8.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
                return false;
        }
        return true;
    }
}
