namespace Sunsetter.Client.Outbox;

/// <summary>What became of one request.</summary>
internal enum SendKind
{
    /// <summary>The server has it, durably.</summary>
    Done,

    /// <summary>No connection, no permission just now, or too much at once: keep it.</summary>
    Later,

    /// <summary>The server says it will never take this one.</summary>
    Refused,
}

/// <param name="Kind">What became of it.</param>
/// <param name="Status">The HTTP status, 0 without one.</param>
/// <param name="RetryAfter">What the server asked for.</param>
internal readonly record struct SendOutcome(SendKind Kind, int Status, TimeSpan? RetryAfter)
{
    public static readonly SendOutcome Done = new(SendKind.Done, 202, null);

    public static SendOutcome Later(TimeSpan? retryAfter, int status) => new(SendKind.Later, status, retryAfter);

    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">What the server asked for.</param>
    /// <param name="aboutOneThing">Whether the path names a thing that may be gone; otherwise 404 is taken for a server that is being deployed.</param>
    public static SendOutcome Of(int status, TimeSpan? retryAfter, bool aboutOneThing) => status switch
    {
        >= 200 and < 300 => new SendOutcome(SendKind.Done, status, null),
        // Malformed, too large, wrong type, meaningless: repeating it cannot help. Everything else may pass.
        400 or 413 or 415 or 422 => new SendOutcome(SendKind.Refused, status, null),
        404 when aboutOneThing => new SendOutcome(SendKind.Refused, status, null),
        _ => Later(retryAfter, status),
    };
}
