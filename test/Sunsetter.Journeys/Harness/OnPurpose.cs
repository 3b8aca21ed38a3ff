namespace Sunsetter.Journeys.Harness;

/// <summary>Long journeys that have not yet been seen to pass from end to end are started on purpose only.</summary>
internal static class OnPurpose
{
    /// <summary>Why they do not run, or null where <c>SUNSETTER_JOURNEYS=1</c> asks for them.</summary>
    public static string? NotAskedFor { get; } = Environment.GetEnvironmentVariable("SUNSETTER_JOURNEYS") == "1"
        ? null
        : "Not yet seen to pass to its end; SUNSETTER_JOURNEYS=1 runs it.";
}
