using System.Text.RegularExpressions;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Architecture;

/// <summary>The house rules on who may refer to whom, read from the sources.</summary>
public sealed partial class RoomsTests
{
    private static readonly string[] Stages = ["Decide", "Announce", "Migrate", "Close", "Observe"];
    private static readonly string[] Engines = ["Usage", "Campaigns", "Gates"];

    public static TheoryData<string, string[]> Forbidden()
    {
        var data = new TheoryData<string, string[]>();
        foreach (var stage in Stages)
            data.Add(stage, [.. Stages.Where(other => other != stage)]);
        foreach (var engine in Engines)
            data.Add(engine, [.. Stages, "Portal"]);
        data.Add("Retirements", [.. Stages, .. Engines, "Catalogue", "Connectors", "Portal"]);
        data.Add("Catalogue", [.. Stages, "Portal", "Connectors", "Campaigns", "Gates"]);
        data.Add("Platform", [.. Stages, .. Engines, "Catalogue", "Connectors", "Portal", "Retirements"]);
        return data;
    }

    [Theory, MemberData(nameof(Forbidden))]
    public void A_room_refers_only_to_the_rooms_below_it(string room, string[] forbidden)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Sunsetter.Server", room), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal));

        var broken = sources.SelectMany(file => Reference().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Room: match.Groups[1].Value)))
            .Where(reference => forbidden.Contains(reference.Room)).Distinct();

        Assert.Empty(broken);
    }

    [GeneratedRegex(@"Sunsetter\.Server\.([A-Z][a-zA-Z]+)")]
    private static partial Regex Reference();
}
