using MimeKit;
using MimeKit.Text;
using Sunsetter.Server.Campaigns;

namespace Sunsetter.Server.Connectors.Smtp;

/// <summary>Writes a letter as a mail: plain text and HTML, in UTF-8, marked as sent by a machine (RFC 3834) and belonging to one conversation.</summary>
internal static class MailMessage
{
    public static MimeMessage From(OutgoingMessage message, MailboxAddress sender)
    {
        var letter = message.Letter;
        var mail = new MimeMessage
        {
            MessageId = message.MessageId,
            Subject = letter.Subject,
            Date = message.WrittenAt,
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = letter.Text, ContentTransferEncoding = ContentEncoding.QuotedPrintable },
                new TextPart(TextFormat.Html) { Text = letter.Html, ContentTransferEncoding = ContentEncoding.QuotedPrintable },
            },
        };
        // Chinese takes a third less room in Base64 than in quoted-printable.
        if (letter.Language.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            foreach (var part in mail.BodyParts.OfType<TextPart>())
                part.ContentTransferEncoding = ContentEncoding.Base64;

        mail.From.Add(sender);
        mail.To.Add(new MailboxAddress(letter.RecipientName ?? "", message.Address));
        if (letter.ReplyTo is { } reply && MailboxAddress.TryParse(reply, out var answers))
            mail.ReplyTo.Add(answers);
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        mail.Body.Headers.Add(HeaderId.ContentLanguage, letter.Language);
        if (letter.ListId is { } list)
            mail.Headers.Add(HeaderId.ListId, $"<{list}.retirements.{sender.Domain}>");
        if (letter.InReplyTo is { Length: > 0 } first)
        {
            mail.InReplyTo = first;
            mail.References.Add(first);
        }
        return mail;
    }
}
