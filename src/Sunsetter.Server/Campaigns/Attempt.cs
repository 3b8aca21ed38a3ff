namespace Sunsetter.Server.Campaigns;

/// <summary>How one attempt to send ended.</summary>
internal abstract record Attempt
{
    private Attempt()
    {
    }

    /// <summary>The receiving server took responsibility for it.</summary>
    internal sealed record Accepted : Attempt;

    /// <summary>Refused for good: another attempt would end the same way.</summary>
    /// <param name="RecipientGone">Nobody is there: the mailbox does not exist.</param>
    internal sealed record Refused(string Code, string Reason, bool RecipientGone = false) : Attempt;

    /// <summary>Not now: try again, not before <paramref name="After"/> where the other side said so.</summary>
    internal sealed record Postponed(string Code, string Reason, TimeSpan? After = null) : Attempt;
}
