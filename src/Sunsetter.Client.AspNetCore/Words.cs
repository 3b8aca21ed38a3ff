using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sunsetter.Gates;

namespace Sunsetter.Client.AspNetCore;

/// <summary>What a refused caller is told, in their language (<c>en</c> or <c>zh-CN</c>).</summary>
internal static class Words
{
    public const string English = "en", Chinese = "zh-CN";

    /// <summary>The best of our languages for an <c>Accept-Language</c> header; English when none fits.</summary>
    public static string LanguageOf(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)) return English;
        foreach (var language in wanted.OrderByDescending(language => language.Quality ?? 1))
        {
            if (language.Quality == 0) continue;
            if (Speaks(language, "zh")) return Chinese;
            if (Speaks(language, "en")) return English;
        }
        return English;
    }

    public static string Title(GateDecision decision, string module, string language)
    {
        // Of a module that nobody knows the key is all there is.
        var name = Name(decision, language) is { Length: > 0 } known ? known : module;
        return (decision.State, language) switch
        {
            (GateState.Brownout, Chinese) => $"「{name}」正在进行停用演练",
            (GateState.Brownout, _) => $"{name} is paused for a rehearsal",
            (_, Chinese) => $"「{name}」已停止服务",
            _ => $"{name} has been retired",
        };
    }

    /// <summary>One or two sentences: what is the case, until when, what to use instead.</summary>
    public static string Detail(GateDecision decision, string language)
    {
        var instead = decision.Alternative is { } alternative ? alternative.Name?.For(language) ?? alternative.Module ?? alternative.Url : null;
        var until = decision.Until is { } end ? end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null;
        var pause = decision.State == GateState.Brownout;
        if (language == Chinese)
        {
            var what = pause ? (until is null ? "这是正式停用前的一次短暂演练。" : $"这是正式停用前的一次短暂演练，将于 {until}（UTC）恢复。")
                : until is null ? "该模块不再提供服务。" : $"该模块暂停服务至 {until}（UTC）。";
            return instead is null ? what : $"{what}请改用「{instead}」。";
        }
        var sentence = pause ? (until is null ? "This is a short rehearsal before the module closes." : $"This is a short rehearsal before the module closes; it is back at {until} UTC.")
            : until is null ? "The module no longer works." : $"The module does not work until {until} UTC.";
        return instead is null ? sentence : $"{sentence} Please use {instead} instead.";
    }

    public static string Message(GateDecision decision, string module, string language) =>
        Title(decision, module, language) + (language == Chinese ? "。" : ". ") + Detail(decision, language);

    public static string Name(GateDecision decision, string language) => decision.Module?.Name.For(language) ?? "";

    private static bool Speaks(StringWithQualityHeaderValue wanted, string primary) =>
        wanted.Value.Equals(primary, StringComparison.OrdinalIgnoreCase)
        || wanted.Value.StartsWith(primary + "-", StringComparison.OrdinalIgnoreCase);
}
