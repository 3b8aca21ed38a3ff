using Microsoft.Playwright;

namespace Sunsetter.Journeys.Screens;

/// <summary>Follows the links of a page to every other page, looking at no more than a few of each kind.</summary>
internal sealed class Walk(PageRoutes routes)
{
    // Two of a kind differ where it matters: a retirement that is announced and one that is closed.
    private const int OfEachKind = 2;

    private readonly HashSet<string> seen = [];

    /// <summary>Kinds of page that no link has led to so far.</summary>
    public IReadOnlyList<string> NeverSeen => [.. routes.Patterns.Except(seen).Order()];

    /// <summary>Inspects whatever can be reached from <paramref name="start"/>; returns every fault found.</summary>
    public Task<IReadOnlyList<string>> InspectAllAsync(IPage page, Look look, string pictures, params string[] start) =>
        InspectAsync(page, look, pictures, start, mayOpen: _ => true);

    /// <summary>The same for somebody who is not signed in: a door that leads inside is not a fault.</summary>
    public Task<IReadOnlyList<string>> InspectPublicAsync(IPage page, Look look, string pictures, params string[] start) =>
        InspectAsync(page, look, pictures, start, mayOpen: pattern => !routes.Inside.Contains(pattern));

    private async Task<IReadOnlyList<string>> InspectAsync(IPage page, Look look, string pictures, string[] start, Func<string, bool> mayOpen)
    {
        var inspector = new ScreenInspector(page, look, pictures);
        var (faults, waiting, known, count) = (new List<string>(), new Queue<string>(start), new HashSet<string>(start), new Dictionary<string, int>());
        while (waiting.TryDequeue(out var path))
        {
            var pattern = routes.PatternOf(path.Split('?')[0])!;
            var number = count[pattern] = count.GetValueOrDefault(pattern) + 1;
            if (number > OfEachKind)
                continue;
            seen.Add(pattern);
            faults.AddRange(await inspector.InspectAsync(path, NameOf(pattern, number)));
            foreach (var link in await LinksAsync(page))
                if (routes.PatternOf(link.Split('?')[0]) is { } kind && mayOpen(kind) && known.Add(link))
                    waiting.Enqueue(link);
        }
        return faults;
    }

    /// <summary>The addresses on this server that the open page links to, without their fragments.</summary>
    private static Task<string[]> LinksAsync(IPage page) => page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), location.href))
          .filter(url => url.origin === location.origin).map(url => url.pathname + url.search)
        """);

    private static string NameOf(string pattern, int number)
    {
        var name = string.Concat(pattern.Trim('/').Select(letter => char.IsLetterOrDigit(letter) || letter == '-' ? letter : '_'));
        return $"{(name.Length == 0 ? "today" : name)}{(number > 1 ? $"-{number}" : "")}";
    }
}
