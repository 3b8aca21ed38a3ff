namespace Sunsetter.Gates.Reading;

/// <summary>The rules of a module made in code or by a delta; the reader of documents checks the same while it reads.</summary>
internal static class ModuleRules
{
    public static void Check(GateModule module, string path, ErrorList errors)
    {
        if (!UnicodeRules.IsName(module.Key, Limits.Key)) errors.Add("value", path + ".key", $"A module key is 1 to {Limits.Key} characters without control characters.");
        if (module.CustomerCount > Limits.Customers) errors.Add("limit", path + ".customers", $"At most {Limits.Customers} customers.");
        Check(module.Alternative, path + ".alternative", errors);
        Check(module.Contact, path + ".contact", errors);
        CheckUrl(module.Info, path + ".info", errors);
        CheckTimelines(module, path, errors);
    }

    public static void Check(GateAlternative? alternative, string path, ErrorList errors)
    {
        if (alternative is null) return;
        if (alternative is { Module: null, Name: null, Url: null }) errors.Add("missing", path, "An alternative has a module, a name or a url.");
        if (alternative.Module is { } key && !UnicodeRules.IsName(key, Limits.Key)) errors.Add("value", path + ".module", "Not a module key.");
        CheckUrl(alternative.Url, path + ".url", errors);
    }

    public static void Check(GateContact? contact, string path, ErrorList errors)
    {
        if (contact is null) return;
        if (contact is { Name: null, Url: null, Email: null }) errors.Add("missing", path, "A contact has a name, a url or an email.");
        if (contact.Name is { } name && !UnicodeRules.IsName(name, Limits.ContactName)) errors.Add("value", path + ".name", $"A contact's name is 1 to {Limits.ContactName} characters.");
        if (contact.Email is { } email && !UnicodeRules.IsName(email, Limits.Email)) errors.Add("value", path + ".email", $"An email address is 1 to {Limits.Email} characters.");
        CheckUrl(contact.Url, path + ".url", errors);
    }

    public static void CheckUrl(string? url, string path, ErrorList errors)
    {
        if (url is not null && !UnicodeRules.IsUrl(url)) errors.Add("value", path, $"An absolute http or https address of at most {Limits.Url} characters is expected.");
    }

    private static void CheckTimelines(GateModule module, string path, ErrorList errors)
    {
        var byId = new Dictionary<string, GateTimeline>(StringComparer.Ordinal) { [module.Default.Id] = module.Default };
        foreach (var customer in module.CustomerTable.Items)
        {
            if (!UnicodeRules.IsName(customer.Key, Limits.Customer)) errors.Add("value", path + ".customers", $"A customer id is 1 to {Limits.Customer} characters without control characters.");
            if (!byId.TryGetValue(customer.Value.Id, out var known)) byId.Add(customer.Value.Id, customer.Value);
            else if (!ReferenceEquals(known, customer.Value) && !known.Segments.SequenceEqual(customer.Value.Segments))
                errors.Add("duplicate", $"{path}.timelines.{customer.Value.Id}", "One id names two different timelines.");
        }

        if (byId.Count > Limits.Timelines) errors.Add("limit", path + ".timelines", $"At most {Limits.Timelines} timelines.");
    }
}
