namespace Sunsetter.Server.Campaigns;

/// <summary>How long to wait after a temporary failure, and when to give up.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>RFC 5321, 4.5.4.1 asks for four to five days before a mail is given up.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(4);

    /// <summary>Doubles from half a minute up to four hours, spread by a fifth either way so that a server that comes back is not stormed.</summary>
    /// <param name="attempts">Attempts made so far, 1 after the first.</param>
    /// <param name="chance">0 up to 1.</param>
    public static TimeSpan Delay(int attempts, double chance)
    {
        var plain = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 20)), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(plain * (0.8 + 0.4 * chance));
    }
}
