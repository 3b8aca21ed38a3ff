namespace Sunsetter.Harness;

/// <summary>Where the sources and the trial data are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The folder of real data, or null where it is absent: tests that need it skip.</summary>
    public static string? Data =>
        new[] { Environment.GetEnvironmentVariable("SUNSETTER_TEST_DATA"), Path.Combine(Root, "..", "shared", "data") }
            .FirstOrDefault(path => path is not null && Directory.Exists(path));

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Sunsetter.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("Sunsetter.slnx is nowhere above the tests.");
    }
}
