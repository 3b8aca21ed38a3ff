using System.Collections.Immutable;
using System.Reflection;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>A text with places for what differs: the first line is the subject, the rest Markdown.</summary>
/// <param name="Name"><c>first</c>, <c>first-key</c>, <c>reminder</c>, <c>changed</c>, <c>called-off</c>, <c>announcement</c> or <c>talk-tracks</c>.</param>
internal sealed record NoticeTemplate(string Name, string Language, string Subject, string Body);

/// <summary>Templates that an administrator has changed; the others are those we ship.</summary>
internal sealed record NoticeTemplates : ISettings
{
    static string ISettings.Name => "notice-templates";

    public static readonly string[] Names = ["first", "first-key", "reminder", "changed", "called-off", "announcement", "talk-tracks"];
    public static readonly string[] Languages = ["zh-CN", "en"];

    public ImmutableArray<NoticeTemplate> Changed { get; init; } = [];

    public NoticeTemplate Find(string name, string locale)
    {
        var language = LanguageOf(locale);
        return Changed.FirstOrDefault(template => template.Name == name && template.Language == language) ?? Shipped(name, language);
    }

    public NoticeTemplates With(NoticeTemplate template) =>
        this with { Changed = [.. Changed.Where(known => (known.Name, known.Language) != (template.Name, template.Language)), template] };

    public NoticeTemplates Without(string name, string language) =>
        this with { Changed = [.. Changed.Where(known => (known.Name, known.Language) != (name, language))] };

    public static string NameOf(NoticeKind kind, CustomerClass customer) => kind switch
    {
        NoticeKind.First => customer == CustomerClass.Standard ? "first" : "first-key",
        NoticeKind.Reminder => "reminder",
        NoticeKind.Changed => "changed",
        _ => "called-off",
    };

    public static string LanguageOf(string locale) => locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? "zh-CN" : "en";

    private static NoticeTemplate Shipped(string name, string language)
    {
        var text = ShippedText.Of($"{name}.{language}.md");
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return new NoticeTemplate(name, language, text[..end].TrimStart('#', ' '), text[(end + 1)..].Trim());
    }
}

/// <summary>The texts and word lists that we ship, as data beside the code.</summary>
internal static class ShippedText
{
    public static string Of(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"announce/{file}") ?? throw new InvalidOperationException($"No text “{file}” is shipped.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
