using System.Text.RegularExpressions;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Architecture;

/// <summary>Rows that nodes keep in memory are changed through SaveChanges only: nothing else renews their stamp, and what is kept would never be read again.</summary>
public sealed class StampedRowsTests
{
    private static readonly string[] Stamped = [.. typeof(IStamped).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IStamped))).Select(type => type.Name)];

    public static TheoryData<string, bool> Statements() => new()
    {
        { "await db.Set<Contact>().Where(contact => contact.DeadSince != null)\n    .ExecuteUpdateAsync(set => set, cancel);", true },
        { "var rows = db.Set<Customer>().Where(one); await rows.ExecuteDeleteAsync(cancel);", true },
        { "$\"update contact set dead_since = null\"", true },
        { "\"\"\"\n delete from module where key = 'a'\"\"\"", true },
        { "await db.Set<MessageRow>().ExecuteDeleteAsync(cancel);", false },
        { "await db.Set<Contact>().ToListAsync(cancel);", false },
        { "$\"insert into contact_look (a) values (1)\"", false },
    };

    [Theory, MemberData(nameof(Statements))]
    public void The_search_knows_a_way_round_the_stamp(string source, bool found) => Assert.Equal(found, WaysRound(source).Any());

    [Fact]
    public void No_source_changes_such_a_row_behind_the_back_of_its_stamp()
    {
        Assert.NotEmpty(Stamped);
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Sunsetter.Server"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal));

        Assert.Empty(sources.SelectMany(file => WaysRound(File.ReadAllText(file)).Select(way => $"{Path.GetFileName(file)}: {way}")));
    }

    private static IEnumerable<string> WaysRound(string source)
    {
        var names = string.Join('|', Stamped);
        // Within a statement; or, where the rows were put into a variable first, within the same few lines.
        var linq = Regex.Matches(source, $@"Set<({names})>\(\)[^{{}}]{{0,600}}?\.Execute(Update|Delete)");
        var sql = Regex.Matches(source, $@"\b(update|insert\s+into|delete\s+from)\s+""?({names})\b(?!_)", RegexOptions.IgnoreCase);
        return linq.Concat(sql).Select(match => match.Value);
    }
}
