namespace Sunsetter.Server.Campaigns;

/// <summary>What is said, ready to send.</summary>
/// <param name="Html">For mail; safe already.</param>
/// <param name="Text">The same words without markup; all that team chat gets.</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
internal sealed record Letter(string Subject, string Html, string Text, string Language)
{
    public string? RecipientName { get; init; }

    /// <summary>Who answers: the account manager or the support desk.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Names the conversation in the reader's mail program, such as the module's key.</summary>
    public string? ListId { get; init; }

    /// <summary>Message-ID of the first mail of the conversation, so that later ones stand under it.</summary>
    public string? InReplyTo { get; init; }
}

/// <summary>A message that is wanted.</summary>
/// <param name="Address">Where the channel delivers: an e-mail address or a webhook's URL.</param>
internal sealed record Draft(MessageKey Key, string Address, Letter Letter);
