using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Sunsetter.Journeys.Screens;

/// <summary>Runs axe-core against WCAG 2.2 level AA in the page that is open.</summary>
internal static class Accessibility
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    private const string Run = """
        async () => JSON.stringify((await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
            resultTypes: ['violations'],
        })).violations.map(violation => ({
            rule: violation.id, help: violation.help,
            nodes: violation.nodes.map(node => node.target.join(' ') + ' — ' + (node.any.concat(node.all, node.none)[0]?.message ?? '')),
        })))
        """;

    /// <summary>One sentence per rule that is broken, with up to three of the places.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        // Evaluated over the debugger, so a content security policy that forbids inline scripts does not matter.
        await page.EvaluateAsync(Script);
        var violations = JsonSerializer.Deserialize<Violation[]>(await page.EvaluateAsync<string>(Run), JsonSerializerOptions.Web)!;
        return [.. violations.Select(violation =>
            $"{violation.Rule}: {violation.Help} ({violation.Nodes.Length} places: {string.Join(" | ", violation.Nodes.Take(3))})")];
    }

    private sealed record Violation(string Rule, string Help, string[] Nodes);
}
