namespace Sunsetter.Server.Platform;

/// <summary>Rows of which nodes keep all in memory. Whoever saves one renews the stamp of its kind in the same transaction, so that one short question tells every node whether what it keeps still holds.</summary>
internal interface IStamped;

/// <param name="name">The kind of rows.</param>
internal sealed class Stamp(string name)
{
    public string Name { get; private set; } = name;

    /// <summary>Another one after each change; never one that was there before.</summary>
    public string Value { get; set; } = "";
}
