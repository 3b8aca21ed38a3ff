namespace Sunsetter.Gates.Writing;

/// <summary>States on the wire.</summary>
internal static class WireState
{
    private static readonly string[] Words = ["open", "warned", "brownout", "closed"];

    public static string Write(GateState state) => Words[(int)state];

    public static bool TryRead(string word, out GateState state)
    {
        var index = Array.IndexOf(Words, word);
        state = index < 0 ? default : (GateState)index;
        return index >= 0;
    }
}
