using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>What people, customers and modules are called on this page, so that nobody must know an address or a key by heart. Read once for a request.</summary>
internal sealed partial class KnownNames(IDbContextFactory<SunsetterDb> databases, KeptCatalogue catalogue, Viewer viewer)
{
    private Task<Known>? known;

    /// <summary>The names of customers and modules for the sentences of facts.</summary>
    public async Task<Naming> Naming()
    {
        var (customers, modules) = (await catalogue.Customers(viewer.Cancel), (await catalogue.Modules(viewer.Cancel)).ToDictionary(module => module.Key, module => module.Name));
        return new Naming(key => customers.TryGetValue(key, out var customer) ? customer.Name : Text.Same(key.Value), key => modules.TryGetValue(key, out var name) ? name : Text.Same(key.Value));
    }

    /// <summary>The words with names in place of the addresses that are known.</summary>
    public async Task<string> Said(string words) => words.Contains('@') ? (await Teller())(words) : words;

    /// <summary>Says words with names in place of the addresses that are known, for a text of many lines.</summary>
    public async Task<Func<string, string>> Teller()
    {
        var names = await (known ??= Read());
        return words => string.Concat(Pieces(words, names).Select(piece => piece.Words));
    }

    /// <summary>The words in pieces: those with an address are the name of whom it belongs to.</summary>
    public async Task<IReadOnlyList<(string Words, string? Address)>> Pieces(string words) => words.Contains('@') ? Pieces(words, await (known ??= Read())) : [(words, null)];

    private static List<(string Words, string? Address)> Pieces(string words, Known names)
    {
        var (pieces, at) = (new List<(string, string?)>(), 0);
        foreach (Match match in Address().Matches(words))
        {
            if (names.Of(match.Value) is not { } name)
                continue;
            pieces.Add((words[at..match.Index], null));
            pieces.Add((name, match.Value));
            at = match.Index + match.Length;
        }
        pieces.Add((words[at..], null));
        return pieces;
    }

    // Who has left keeps the name under which they acted.
    private async Task<Known> Read()
    {
        await using var db = await databases.CreateDbContextAsync(viewer.Cancel);
        var people = await db.Users.AsNoTracking().Select(person => new { person.Email, person.Name }).ToListAsync(viewer.Cancel);
        return new Known(people.ToDictionary(person => person.Email!, person => person.Name, StringComparer.OrdinalIgnoreCase), await catalogue.Contacts(viewer.Cancel));
    }

    [GeneratedRegex(@"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+")]
    private static partial Regex Address();

    private sealed record Known(Dictionary<string, string> People, ILookup<CustomerKey, Contact> Contacts)
    {
        // Looked through only where somebody outside is spoken of.
        private Dictionary<string, string> Outside => field ??= Contacts.SelectMany(contacts => contacts).Where(contact => contact.Name.Length > 0)
            .GroupBy(contact => contact.Email).ToDictionary(same => same.Key, same => same.First().Name, StringComparer.OrdinalIgnoreCase);

        public string? Of(string address) => People.GetValueOrDefault(address) ?? Outside.GetValueOrDefault(address);
    }
}

/// <summary>What the sentence of a fact calls a customer and a module.</summary>
internal sealed record Naming(Func<CustomerKey, Text> Customer, Func<ModuleKey, Text> Module)
{
    public static readonly Naming Keys = new(key => Text.Same(key.Value), key => Text.Same(key.Value));
}
