using System.Text.RegularExpressions;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>The five parts that every notice needs (N4), and its tone.</summary>
internal enum NoticePart
{
    Why,
    When,
    Affects,
    Instead,
    WhomToAsk,
    Tone,
}

/// <summary>What keeps a notice from being sent: what is missing or wrong, and what to write.</summary>
internal sealed record LintFinding(NoticePart Part, Text Sentence);

/// <summary>Holds a rendered notice against the plan: the five parts must be there in meaning, every date must be one of the plan's.</summary>
internal static partial class NoticeLint
{
    private static readonly string[] EffectWords = ["stop", "no longer", "refused", "unavailable", "停止", "无法", "不可用", "被拒绝"];
    private static readonly string[] NoReplacementWords = ["no replacement", "no successor", "没有替代", "无替代"];
    private static readonly string[] BecauseWords = ["because", "in order to", "so that we can", "due to", "因为", "由于", "为了", "鉴于"];

    public static IReadOnlyList<LintFinding> Check(string subject, string text, NoticeSubject about)
    {
        var all = Spaces().Replace($"{subject}\n{text}", " ");
        var findings = new List<LintFinding>();
        if (about.Kind != NoticeKind.CalledOff)
        {
            findings.AddRange(Why(all, about));
            findings.AddRange(Affects(all, about));
            findings.AddRange(Instead(all, about));
        }
        findings.AddRange(When(all, about));
        findings.AddRange(WhomToAsk(all, about));
        findings.AddRange(ToneOf(all, NoticeTemplates.LanguageOf(about.Locale)));
        return findings;
    }

    private static IEnumerable<LintFinding> Why(string all, NoticeSubject about)
    {
        if (about.Reasons.Length == 0)
            yield return new(NoticePart.Why, new Text("The retirement states no reason. Add one on Decide.", "该退役尚未填写原因，请在“评估决策”中补充。"));
        else if (!about.Reasons.Any(reason => Holds(all, reason.Explanation.In(about.Locale))) && !Array.Exists(BecauseWords, word => Holds(all, word)))
            yield return new(NoticePart.Why, new Text("It does not say why. Use {{ reasons }}, or explain with “because …”.", "没有说明原因。请使用 {{ reasons }}，或以“由于……”说明。"));
    }

    private static IEnumerable<LintFinding> When(string all, NoticeSubject about)
    {
        var dates = DatesInText.In(all);
        if (about.Kind != NoticeKind.CalledOff)
        {
            var said = NoticeSubject.SayDay(about.ClosingDay, about.Locale);
            if (!dates.Any(date => date.HasYear && date.Is(about.ClosingDay)))
                yield return new(NoticePart.When, new Text($"It does not name the closing day with its year ({said}). Use {{{{ closing_day }}}}.", $"没有写明带年份的下线日（{said}）。请使用 {{{{ closing_day }}}}。"));
            if (about.ClosingDay < about.Today)
                yield return new(NoticePart.When, new Text($"The closing day {Days.En(about.ClosingDay)} is past. Move it on Decide.", $"下线日 {Days.Zh(about.ClosingDay)}已过，请先调整日期。"));
        }
        foreach (var date in dates.Where(date => !about.KnownDays.Any(date.Is)).DistinctBy(date => date.Words))
            yield return new(NoticePart.When, date.Day is null
                ? new Text($"“{date.Words}” can be read in two ways, or is no day. Write it as {NoticeSubject.SayDay(about.ClosingDay, about.Locale)}.", $"“{date.Words}”可能有两种读法，或并不存在。请写作 {NoticeSubject.SayDay(about.ClosingDay, about.Locale)}。")
                : new Text($"“{date.Words}” is not a date of the plan. Use the plan's dates, or leave it out.", $"“{date.Words}”与计划不符。请使用计划中的日期，或删去。"));
    }

    private static IEnumerable<LintFinding> Affects(string all, NoticeSubject about)
    {
        if (!Holds(all, about.Module.In(about.Locale)))
            yield return new(NoticePart.Affects, new Text($"It does not name the module ({about.Module.In(about.Locale)}). Use {{{{ module }}}}.", $"没有写明模块名称（{about.Module.In(about.Locale)}）。请使用 {{{{ module }}}}。"));
        if (!Array.Exists(EffectWords, word => Holds(all, word)))
            yield return new(NoticePart.Affects, new Text("It does not say what stops for the customer. Say it plainly: “… stops working”.", "没有说明对客户的影响。请直接写明“……将停止工作”。"));
    }

    private static IEnumerable<LintFinding> Instead(string all, NoticeSubject about)
    {
        if (about.Replacement is not { } replacement)
        {
            if (!Array.Exists(NoReplacementWords, word => Holds(all, word)))
                yield return new(NoticePart.Instead, new Text("There is no replacement, and the notice does not say so. Say it, and what the customer can do.", "没有替代模块，但通知未说明。请如实写明，并告知客户可以怎么做。"));
            else if (about.Instead is { } instead && !Holds(all, instead.In(about.Locale)))
                yield return new(NoticePart.Instead, new Text("It does not tell what customers do instead, as it was decided. Use {{ instead }}.", "没有写明决策中确定的替代做法。请使用 {{ instead }}。"));
        }
        else if (!about.ReplacementStands)
            yield return new(NoticePart.Instead, new Text($"{replacement.En} is itself being retired or is unknown. Choose another replacement.", $"{replacement.Zh}本身正在退役或不存在，请更换替代模块。"));
        else if (!Holds(all, replacement.In(about.Locale)))
            yield return new(NoticePart.Instead, new Text($"It does not name what to use instead ({replacement.In(about.Locale)}). Use {{{{ replacement }}}}.", $"没有写明替代方案（{replacement.In(about.Locale)}）。请使用 {{{{ replacement }}}}。"));
    }

    private static IEnumerable<LintFinding> WhomToAsk(string all, NoticeSubject about)
    {
        if (!MimeKit.MailboxAddress.TryParse(about.Helper.Email, out var address) || !address.Address.Contains('@') || address.Domain == "localhost")
            yield return new(NoticePart.WhomToAsk, new Text("Nobody answers: set the support address in Settings, or give the customer an account manager.", "无人应答：请在“设置”中填写支持邮箱，或为该客户指定客户经理。"));
        else if (!Holds(all, about.Helper.Email) && (about.Helper.Phone.Length == 0 || !Holds(all, about.Helper.Phone)))
            yield return new(NoticePart.WhomToAsk, new Text("It does not say whom to ask. Use {{ helper }} with {{ helper_email }}.", "没有写明联系谁。请使用 {{ helper }} 与 {{ helper_email }}。"));
    }

    private static IEnumerable<LintFinding> ToneOf(string all, string language)
    {
        foreach (var word in Tone.Harsh(all, language))
        {
            var name = Tone.NameOf(word.Kind);
            yield return new(NoticePart.Tone, new Text($"“{word.Words}” {name.En}. Instead: {word.Instead}.", $"“{word.Words}”{name.Zh}。建议：{word.Instead}。"));
        }
        if (!Tone.IsKind(all, language))
            yield return new(NoticePart.Tone, new Text("It neither thanks nor says sorry. A notice costs its reader work: say so.", "既无感谢，也无歉意。通知会给读者带来工作，请有所表示。"));
    }

    private static bool Holds(string all, string words) => words.Length > 0 && all.Contains(Spaces().Replace(words, " ").Trim(), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
