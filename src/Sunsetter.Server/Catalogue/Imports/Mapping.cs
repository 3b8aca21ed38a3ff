using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>Which of our columns has another name in somebody's file: <c>name=Company</c>.</summary>
internal static class Mapping
{
    public static Outcome<IReadOnlyDictionary<string, string>> Of(IReadOnlyList<string> lines)
    {
        var mapping = new Dictionary<string, string>();
        foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (line.IndexOf('=') is not (> 0 and var at) || at == line.Length - 1 || line.Length > 300)
                return new Refusal("import.bad-mapping", $"“{Checks.Shown(line)}” is no mapping. Write OUR-COLUMN=COLUMN-IN-THE-FILE, such as name=Company.", $"“{Checks.Shown(line)}”不是有效的映射。请写作“我方列名=文件列名”，例如 name=Company。", StatusCodes.Status400BadRequest) { Field = "map" };
            mapping[line[..at].Trim().ToLowerInvariant()] = line[(at + 1)..].Trim();
        }
        return mapping;
    }
}
