using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sunsetter.Client.Tests;

/// <summary>What the page "Obey a gate" tells people to paste, compiled as it stands there against the assemblies they would have. Its JavaScript is run by <c>sdk/js/test/docs.test.mjs</c>.</summary>
public sealed partial class DocumentedStartsTests
{
    private const int MostLines = 10;

    // What the web SDK imports by itself.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading;
        global using System.Threading.Tasks; global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http; global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    // What the reader's own .proto file is compiled to.
    private const string Proto = """
        public static class Rooms
        {
            [Grpc.Core.BindServiceMethod(typeof(Rooms), "BindService")] public abstract class RoomsBase;
            public static void BindService(Grpc.Core.ServiceBinderBase binder, RoomsBase service) { }
        }
        """;

    public static TheoryData<string, int> Starts()
    {
        var starts = new TheoryData<string, int>();
        foreach (var page in new[] { "docs/obey-a-gate.md", "docs/zh-CN/obey-a-gate.md" })
            for (var i = 0; i < Blocks(page, "csharp").Count; i++)
                starts.Add(page, i);
        return starts;
    }

    [Theory, MemberData(nameof(Starts))]
    public void A_start_compiles_as_it_is_pasted(string page, int index)
    {
        var start = Blocks(page, "csharp")[index];
        var program = start.Contains("class RoomsController", StringComparison.Ordinal) || start.Contains("class RoomsHub", StringComparison.Ordinal)
            ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication;
        var paths = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Pasted", [.. new[] { ImplicitUsings, Proto, start }.Select(text => CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken))],
            paths.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(program, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
    }

    [Fact]
    public void Both_languages_show_the_same_code() =>
        Assert.Equal(Blocks("docs/obey-a-gate.md", "csharp|js|sh"), Blocks("docs/zh-CN/obey-a-gate.md", "csharp|js|sh"));

    [Fact]
    public void A_start_has_ten_lines_at_most()
    {
        var starts = Blocks("docs/obey-a-gate.md", "csharp|js|sh");
        Assert.True(starts.Count >= 9, "The page has lost its starts.");
        Assert.All(starts, start => Assert.InRange(start.Split('\n').Count(line => line.Trim().Length > 0), 1, MostLines));
    }

    internal static string Page(string page)
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Sunsetter.slnx"))) directory = Path.GetDirectoryName(directory)!;
        return File.ReadAllText(Path.Combine(directory, page));
    }

    private static IReadOnlyList<string> Blocks(string page, string language)
    {
        return [.. Block().Matches(Page(page)).Where(block => language.Split('|').Contains(block.Groups[1].Value)).Select(block => block.Groups[2].Value)];
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
