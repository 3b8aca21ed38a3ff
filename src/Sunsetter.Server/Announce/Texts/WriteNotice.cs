using System.Net;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>A notice as one customer will get it, and what the lint says to it.</summary>
internal sealed record WrittenNotice(Letter Letter, string Body, IReadOnlyList<LintFinding> Findings);

/// <summary>Template and subject matter become a letter. Pure: the same facts give the same letter.</summary>
internal static class WriteNotice
{
    public static Outcome<WrittenNotice> From(NoticeTemplate template, NoticeSubject about)
    {
        var culture = template.Language == "en" ? Languages.English : Languages.Chinese;
        var subject = LiquidText.Render(template.Subject, about.Values(forMarkdown: false), culture);
        if (subject.Refused(out var refusal))
            return refusal;
        var body = LiquidText.Render(template.Body, about.Values(forMarkdown: true), culture);
        if (body.Refused(out refusal))
            return refusal;

        var html = MarkdownText.ToHtml(body.Value);
        var text = MarkdownText.ToPlain(html);
        var line = subject.Value.ReplaceLineEndings(" ").Trim();
        var letter = new Letter(line.Length <= 200 ? line : line[..200], Page(line, html, template.Language), text, template.Language)
        {
            RecipientName = about.Contact, ReplyTo = about.Helper.Email,
        };
        return new WrittenNotice(letter, html, NoticeLint.Check(letter.Subject, text, about));
    }

    // Mail programs know few styles; these are safe in all of them.
    private static string Page(string title, string body, string language) => $"""
        <!doctype html>
        <html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{WebUtility.HtmlEncode(title)}</title></head>
        <body style="margin:0;background:#f7f7f5;color:#1d1f24;font:15px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif">
        <div style="max-width:620px;margin:0 auto;padding:28px 22px;background:#ffffff">
        {body}
        </div></body></html>
        """;
}
