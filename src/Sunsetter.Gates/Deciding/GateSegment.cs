namespace Sunsetter.Gates;

/// <summary>From <see cref="From"/> (inclusive) until the next segment the module is in <see cref="State"/>, for all or for a share of the users.</summary>
public readonly struct GateSegment : IEquatable<GateSegment>
{
    /// <summary>The share that means "everyone", in hundredths of a per cent.</summary>
    public const int Everyone = 10_000;

    /// <summary>Describes a segment. Rules are checked when a timeline is made of it.</summary>
    /// <param name="from">The first instant of the segment.</param>
    /// <param name="state">The state from then on.</param>
    /// <param name="reason">A code of 1–64 lower-case letters, digits and hyphens; see <see cref="GateReasons"/>.</param>
    /// <param name="share">For how many users it holds, in hundredths of a per cent: 1–9,999, or <see cref="Everyone"/>.</param>
    /// <param name="closes">An announced closing that is not yet certain, so that the timeline does not contain it.</param>
    public GateSegment(DateTimeOffset from, GateState state, string reason, int share = Everyone, DateTimeOffset? closes = null)
    {
        Closes = closes?.ToUniversalTime();
        From = from.ToUniversalTime();
        State = state;
        Reason = reason;
        Share = share;
    }

    /// <summary>The first instant of the segment, in UTC.</summary>
    public DateTimeOffset From { get; }

    /// <summary>The state from then on.</summary>
    public GateState State { get; }

    /// <summary>Why; see <see cref="GateReasons"/>.</summary>
    public string Reason { get; }

    /// <summary>For how many users, in hundredths of a per cent; the others stay in the segment before.</summary>
    public int Share { get; }

    /// <summary>The announced closing, in UTC, where it is not yet certain and so no segment of the timeline.</summary>
    public DateTimeOffset? Closes { get; }

    /// <inheritdoc/>
    public bool Equals(GateSegment other) =>
        From.UtcTicks == other.From.UtcTicks && State == other.State && Share == other.Share && Closes == other.Closes && string.Equals(Reason, other.Reason, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GateSegment other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => From.GetHashCode() ^ ((int)State << 16) ^ Share;

    /// <summary>Whether both say the same.</summary>
    public static bool operator ==(GateSegment left, GateSegment right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(GateSegment left, GateSegment right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Writing.WireInstant.Write(From.UtcTicks)} {State} {Reason}{(Share == Everyone ? "" : " " + Writing.WireShare.Write(Share) + "%")}";
}
