namespace Sunsetter.Server.Usage.Sets;

/// <summary>Gathers the containers of a new set in ascending order of their keys.</summary>
internal struct UserSetContainers(int capacity)
{
    private ushort[] keys = new ushort[capacity];
    private Container[] containers = new Container[capacity];
    private int count;

    /// <summary>Adds a container; an empty one (null) is left out.</summary>
    public void Add(ushort key, Container? container)
    {
        if (container is null)
            return;
        if (count == keys.Length)
        {
            Array.Resize(ref keys, Math.Max(4, 2 * count));
            Array.Resize(ref containers, keys.Length);
        }
        keys[count] = key;
        containers[count++] = container;
    }

    public readonly UserSet ToSet()
    {
        if (count == 0)
            return UserSet.Empty;
        return count == keys.Length ? new UserSet(keys, containers) : new UserSet(keys[..count], containers[..count]);
    }
}
