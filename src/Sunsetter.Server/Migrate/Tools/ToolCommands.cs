namespace Sunsetter.Server.Migrate;

/// <summary>
/// The executables that a migration tool may be, by the name people choose it by: <c>Migration:Commands:NAME</c> = absolute path. It is configuration and
/// no page of the console, because whoever names a program that the server runs must be somebody who may log in to the machine.
/// </summary>
internal sealed class ToolCommands(IReadOnlyDictionary<string, string> paths)
{
    public IReadOnlyCollection<string> Names => [.. paths.Keys.Order(StringComparer.Ordinal)];

    public string? PathOf(string name) => paths.GetValueOrDefault(name);

    public static ToolCommands From(IConfiguration configuration)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in configuration.GetSection("Migration:Commands").GetChildren())
            paths[one.Key] = one.Value is { } path && Path.IsPathFullyQualified(path) && File.Exists(path) ? path
                : throw new InvalidOperationException($"Migration:Commands:{one.Key} holds “{one.Value}”, which is not the absolute path of a file on this machine.");
        return new ToolCommands(paths);
    }
}
