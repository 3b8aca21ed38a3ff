using MimeKit;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>What lies in the mailboxes.</summary>
/// <param name="MessageIds">By recipient: the Message-ID of the first mail.</param>
/// <param name="WithAnotherMessageId">Mails that are no repeat of the recipient's first.</param>
internal sealed record MailsThatCame(int Total, IReadOnlyDictionary<string, string> MessageIds, int WithAnotherMessageId)
{
    public int Recipients => MessageIds.Count;

    public int Duplicates => Total - Recipients;

    public static MailsThatCame Read(IReadOnlyList<MimeMessage> mails)
    {
        var first = mails.GroupBy(mail => mail.Headers["Delivered-To"] ?? "").ToDictionary(mine => mine.Key, mine => mine.First().MessageId ?? "");
        return new MailsThatCame(mails.Count, first, mails.Count(mail => first[mail.Headers["Delivered-To"] ?? ""] != mail.MessageId));
    }
}
