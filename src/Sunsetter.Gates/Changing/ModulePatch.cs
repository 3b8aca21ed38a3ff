namespace Sunsetter.Gates.Changing;

/// <summary>A member that is left alone (default), replaced, or removed (present and null).</summary>
internal readonly struct Change<T>(T? value) where T : class
{
    public bool IsPresent { get; } = true;

    public T? Value { get; } = value;

    public bool Removes => IsPresent && Value is null;

    public T? Over(T? old) => IsPresent ? Value : old;
}

/// <summary>What changes in one module; what is null or absent stays.</summary>
internal sealed class ModulePatch(string key)
{
    public string Key { get; } = key;

    public LocalizedText? Name { get; set; }

    public Change<LocalizedText> Why { get; set; }

    public Change<GateAlternative> Alternative { get; set; }

    public Change<GateContact> Contact { get; set; }

    public Change<string> Info { get; set; }

    public Dictionary<string, GateTimeline>? Timelines { get; set; }

    public string? Default { get; set; }

    /// <summary>Customer → timeline id, or null: back to the default.</summary>
    public List<KeyValuePair<string, string?>> Customers { get; set; } = [];

    /// <summary>The members that are taken away.</summary>
    public IEnumerable<string> Removed()
    {
        if (Why.Removes) yield return "why";
        if (Alternative.Removes) yield return "alternative";
        if (Contact.Removes) yield return "contact";
        if (Info.Removes) yield return "info";
    }

    public bool IsEmpty =>
        Name is null && !Why.IsPresent && !Alternative.IsPresent && !Contact.IsPresent && !Info.IsPresent
        && (Timelines is null || Timelines.Count == 0) && Default is null && Customers.Count == 0;
}
