namespace Sunsetter.Gates.Reading;

/// <summary>Collects every error up to a bound, so that a hostile document cannot fill the memory with complaints.</summary>
internal sealed class ErrorList
{
    private readonly List<GateError> _items = [];

    public IReadOnlyList<GateError> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(string code, string path, string message)
    {
        if (_items.Count < Limits.Errors) _items.Add(new GateError(code, path, message));
    }
}
