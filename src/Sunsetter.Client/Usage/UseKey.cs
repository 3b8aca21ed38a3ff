namespace Sunsetter.Client.Usage;

/// <summary>What is counted together: the same person, the same module, the same quarter of an hour, allowed or refused.</summary>
/// <remarks>A quarter of an hour, because a day begins on one in every time zone; the server can then cut days where each customer lives.</remarks>
internal readonly record struct UseKey(string Module, string Customer, string User, long Quarter, bool Refused)
{
    /// <summary>Characters that a server takes; see the wire format.</summary>
    public const int LongestModule = 80, LongestCustomer = 120, LongestUser = 200;

    private static readonly long QuarterTicks = TimeSpan.FromMinutes(15).Ticks;

    public DateTimeOffset Time => new(Quarter * QuarterTicks, TimeSpan.Zero);

    public static long QuarterOf(DateTimeOffset time) => time.UtcTicks / QuarterTicks;
}
