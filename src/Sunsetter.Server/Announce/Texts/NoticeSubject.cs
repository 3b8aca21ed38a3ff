using System.Collections.Immutable;
using System.Globalization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>Whom a customer asks: a person with a name, or the support desk.</summary>
internal sealed record Helper(string Name, string Email, string Phone, bool IsAccountManager);

/// <summary>Everything a notice may say to one customer, taken from the plan; the lint holds the text against it.</summary>
internal sealed record NoticeSubject
{
    public required NoticeKind Kind { get; init; }
    public required string Locale { get; init; }
    public required Text Vendor { get; init; }
    public required Text Customer { get; init; }
    public string Contact { get; init; } = "";
    public required CustomerClass Class { get; init; }
    public required Text Module { get; init; }
    public Text? Replacement { get; init; }

    /// <summary>False where the replacement is itself being retired or unknown to the catalogue.</summary>
    public bool ReplacementStands { get; init; } = true;
    public string ReplacementUrl { get; init; } = "";

    /// <summary>The letter before this one named another one.</summary>
    public bool ReplacementChanged { get; init; }

    /// <summary>What customers can do where nothing takes its place; null where something does, or nobody has said.</summary>
    public Text? Instead { get; init; }
    public ImmutableArray<Reason> Reasons { get; init; } = [];

    /// <summary>The closing instant in the customer's own zone.</summary>
    public required DateTimeOffset Closes { get; init; }

    /// <summary>What was promised before, in the customer's zone; null in a first notice.</summary>
    public DateOnly? PromisedBefore { get; init; }
    public ImmutableArray<(DateTimeOffset At, int Minutes)> Brownouts { get; init; } = [];

    /// <summary>Rehearsals that the letter before told of and that will not take place.</summary>
    public ImmutableArray<DateTimeOffset> RehearsalsOff { get; init; } = [];

    /// <summary>Shares of the customer's users that close ahead of it, the first share first, in the customer's own zone.</summary>
    public ImmutableArray<(DateTimeOffset At, int Percent)> Shares { get; init; } = [];
    public required string Zone { get; init; }
    public required DateOnly Today { get; init; }

    /// <summary>Users of this customer still on the old module, last 14 days; null where no source reports.</summary>
    public int? Users { get; init; }
    public required Helper Helper { get; init; }
    public required string PortalUrl { get; init; }
    public required string AnnouncementUrl { get; init; }

    public DateOnly ClosingDay => DateOnly.FromDateTime(Closes.DateTime);

    /// <summary>Every day that the text may name.</summary>
    public IEnumerable<DateOnly> KnownDays =>
        Brownouts.Select(brownout => brownout.At).Concat(RehearsalsOff).Concat(Shares.Select(share => share.At)).Select(at => DateOnly.FromDateTime(at.DateTime)).Append(ClosingDay).Append(Today).Concat(PromisedBefore is { } before ? [before] : []);

    /// <summary>The names under which templates use them.</summary>
    public Dictionary<string, object?> Values(bool forMarkdown)
    {
        string Say(string value) => forMarkdown ? MarkdownText.Escape(value) : value.ReplaceLineEndings(" ");
        return new Dictionary<string, object?>
        {
            ["vendor"] = Say(Vendor.In(Locale)),
            ["customer"] = Say(Customer.In(Locale)),
            ["contact"] = Say(Contact),
            ["module"] = Say(Module.In(Locale)),
            ["replacement"] = Replacement is { } replacement ? Say(replacement.In(Locale)) : null,
            ["replacement_url"] = ReplacementUrl.Length == 0 ? null : Link(ReplacementUrl),
            ["replacement_changed"] = ReplacementChanged,
            ["instead"] = Instead is { } instead ? Say(instead.In(Locale)) : null,
            ["reasons"] = Reasons.Select(reason => Say(reason.Explanation.In(Locale))).ToList(),
            ["closing_day"] = Say(SayDay(ClosingDay, Locale)),
            ["closing_time"] = Say(Closes.ToString("HH:mm", CultureInfo.InvariantCulture)),
            ["zone"] = Say(SayZone),
            ["days_left"] = ClosingDay.DayNumber - Today.DayNumber,
            ["promised_before"] = PromisedBefore is { } before ? Say(SayDay(before, Locale)) : null,
            ["brownouts"] = Brownouts.Select(brownout => Say(SayInstant(brownout.At, Locale))).ToList(),
            ["brownout_minutes"] = Brownouts.Length == 0 ? null : Brownouts[0].Minutes,
            ["rehearsals_off"] = RehearsalsOff.Select(at => Say(SayInstant(at, Locale))).ToList(),
            ["shares"] = Shares.Select(share => Say(SayShare(share.At, share.Percent, Locale))).ToList(),
            ["users"] = Users,
            ["key_customer"] = Class != CustomerClass.Standard,
            ["helper"] = Say(Helper.Name),
            ["helper_email"] = Say(Helper.Email),
            ["helper_phone"] = Helper.Phone.Length == 0 ? null : Say(Helper.Phone),
            ["account_manager"] = Helper.IsAccountManager,
            ["portal_url"] = Link(PortalUrl),
            ["announcement_url"] = Link(AnnouncementUrl),
        };
    }

    public static string SayDay(DateOnly day, string locale) => locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
        ? Days.Zh(day) : Days.En(day);

    public static string SayShare(DateTimeOffset from, int percent, string locale) =>
        SayInstant(from, locale) is var since && locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
            ? $"{since} 起，{percent}% 的用户" : $"from {since}: {percent}% of the users";

    /// <summary>A day and an hour in the customer's own zone.</summary>
    public static string SayInstant(DateTimeOffset local, string locale) =>
        string.Create(CultureInfo.InvariantCulture, $"{SayDay(DateOnly.FromDateTime(local.DateTime), locale)} {local:HH:mm}");

    /// <summary>The zone of the hours, with its distance from UTC where its name does not tell it.</summary>
    public string SayZone => Days.Name(Days.Zone(Zone)).In(Locale) is var name && name is "北京时间" or "UTC" ? name
        : $"{name}{new Text(", ", "，").In(Locale)}UTC{(Closes.Offset < TimeSpan.Zero ? '-' : '+')}{Closes.Offset:hh\\:mm}";

    // In a Markdown link a bracket or a space would end the address.
    private static string Link(string url) => url.Replace("(", "%28").Replace(")", "%29").Replace(" ", "%20");
}
