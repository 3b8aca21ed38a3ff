using CsCheck;
using Sunsetter.Server.Catalogue;

namespace Sunsetter.Server.Tests.Catalogue;

public sealed class CsvRecordsTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        // No leading formula signs: those are changed on purpose.
        var cell = Gen.String[Gen.Char["abc ,;\"\n\t中"], 0, 12].Where(text => text.Length == 0 || text[0] is not ('\t' or '\n'));
        cell.Array[1, 6].Array[1, 20].Sample(table =>
        {
            table[0] = ["key", "name"];
            var text = string.Concat(table.Select(row => CsvCell.Line(row)));
            var read = Read(text).Select(record => record.Cells.ToArray());
            Assert.Equal(table, read);
        });
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\r1,2\r3,4\r")]
    public void Any_line_ending_will_do(string text) =>
        Assert.Equal([(1, "a|b"), (2, "1|2"), (3, "3|4")], Read(text).Select(record => ((int)record.Line, string.Join('|', record.Cells))));

    [Fact]
    public void A_quote_that_never_closes_costs_its_own_line_only()
    {
        var records = Read("a,b\n\"open,2\n3,4\n5,6\n");

        Assert.Equal("import.quote-not-closed", records[1].Problem?.Code);
        Assert.Equal([(3L, "3"), (4L, "5")], records[2..].Select(record => (record.Line, record.Cells[0])));
    }

    [Fact]
    public void A_line_of_one_character_too_many_costs_itself_only()
    {
        var most = new string('x', CsvRecords.LongestRecord);

        var records = Read($"a\n{most}\n{most}x\nlast\n");

        Assert.Equal([null, null, "import.line-too-long", null], records.Select(record => record.Problem?.Code));
        Assert.Equal("last", records[3].Cells[0]);
        Assert.True(records[2].Raw.Length < 1000);
    }

    [Fact]
    public void A_record_counts_from_the_line_on_which_it_begins()
    {
        var records = Read("a,b\n\"two\nlines\",1\nnext,2\n");

        Assert.Equal([(1, "a"), (2, "two\nlines"), (4, "next")], records.Select(record => ((int)record.Line, record.Cells[0])));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86 21", "'+86 21")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("＝1", "'＝1"), InlineData("＋1", "'＋1"), InlineData("－1", "'－1"), InlineData("＠A", "'＠A")]
    [InlineData("a=b", "a=b")]
    public void A_cell_that_looks_like_a_formula_is_written_as_text(string cell, string written) => Assert.Equal(written, CsvCell.Of(cell));

    private static List<CsvRecord> Read(string text) => new CsvRecords(new StringReader(text)).Read(TestContext.Current.CancellationToken).ToBlockingEnumerable().ToList();
}
