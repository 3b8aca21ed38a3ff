namespace Sunsetter.Server.Platform;

/// <summary>
/// Something that becomes due with time. Run computes what is due from stored state and the given instant and is safe to repeat: a missed or doubled
/// run loses and doubles nothing.
/// </summary>
internal interface IDueStep
{
    /// <summary>Unique; the name of its lease.</summary>
    string Name { get; }

    /// <summary>How long to wait between two runs.</summary>
    TimeSpan Every => TimeSpan.FromSeconds(1);

    Task Run(DateTimeOffset now, CancellationToken cancel);
}
