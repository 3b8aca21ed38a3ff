namespace Sunsetter.Server.Usage;

/// <summary>So many bytes may be held at once by all who share it.</summary>
internal sealed class ByteBudget(long most)
{
    private long taken;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= most)
            return true;
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref taken, -bytes);
}
