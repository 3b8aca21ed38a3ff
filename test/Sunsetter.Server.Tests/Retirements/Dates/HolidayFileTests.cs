using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

public sealed class HolidayFileTests
{
    [Fact]
    public void A_holiday_cn_file_brings_its_year()
    {
        var file = HolidayFile.Read("""{ "year": 2030, "papers": ["https://example.test/paper"], "days": [{ "name": "节", "date": "2030-01-01", "isOffDay": true }, { "name": "节", "date": "2030-01-05", "isOffDay": false }] }""", "CN");

        var year = Assert.Single(file.Years);
        Assert.Equal(("CN", 2030, "https://example.test/paper"), (year.Country, year.Year, year.Source));
        Assert.Equal([new(new(2030, 1, 1), SpecialDayKind.Holiday, "节"), new(new(2030, 1, 5), SpecialDayKind.WorkingDay, "节")], year.Days);
    }

    [Fact]
    public void A_notice_that_speaks_of_the_last_day_of_the_year_before_holds_and_makes_that_year_no_known_one()
    {
        // As the notice of China for 2019 does: Monday 31 Dec 2018 was a day off, Saturday the 29th was not.
        var file = HolidayFile.Read("""{ "year": 2019, "days": [{ "name": "元旦", "date": "2018-12-29", "isOffDay": false }, { "name": "元旦", "date": "2018-12-31", "isOffDay": true }, { "name": "元旦", "date": "2019-01-01", "isOffDay": true }] }""", "CN");
        var calendar = new BusinessCalendar(new Dictionary<(string, int), System.Collections.Immutable.ImmutableArray<SpecialDay>> { [("CN", 2019)] = file.Years[0].Days, [("CN", 2018)] = [] });

        Assert.Equal((DayKind.MakeUpWorkingDay, DayKind.Holiday), (calendar.Of("CN", new(2018, 12, 29)).Kind, calendar.Of("CN", new(2018, 12, 31)).Kind));
        Assert.False(new BusinessCalendar(new Dictionary<(string, int), System.Collections.Immutable.ImmutableArray<SpecialDay>> { [("CN", 2019)] = file.Years[0].Days }).Of("CN", new(2018, 12, 28)).Known);
    }

    [Fact]
    public void An_empty_year_is_not_published_and_brings_nothing()
    {
        var file = HolidayFile.Read("""{ "year": 2027, "papers": [], "days": [] }""", "CN");

        Assert.Empty(file.Years);
        Assert.Contains("not published yet", file.Errors.Single().En);
    }

    [Fact]
    public void A_csv_file_brings_a_year_for_each_country()
    {
        var file = HolidayFile.Read("\uFEFFcountry,date,name,kind\r\nde,2027-10-03,\"Einheit, deutsche\",holiday\r\nDE,2028-10-03,Einheit,public\r\nCN,2027-02-06,补班,workday\r\n", "");

        Assert.Empty(file.Errors);
        Assert.Equal([("CN", 2027), ("DE", 2027), ("DE", 2028)], file.Years.Select(year => (year.Country, year.Year)));
        Assert.Equal("Einheit, deutsche", file.Years[1].Days.Single().Name);
        Assert.Equal(SpecialDayKind.WorkingDay, file.Years[0].Days.Single().Kind);
    }

    [Fact]
    public void A_broken_line_is_named_and_nothing_of_the_file_is_taken()
    {
        var file = HolidayFile.Read("country,date,name,kind\nDE,2027-10-03,x,holiday\nDEU,2027-10-03,x,holiday\nDE,3.10.2027,x,holiday\nDE,2027-10-03,x,party\n", "");

        Assert.Empty(file.Years);
        Assert.Equal(["Line 3", "Line 4", "Line 5"], file.Errors.Select(error => error.En[..6]));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2\n", "must name the columns")]
    [InlineData("{ nonsense", "not JSON")]
    [InlineData("{}", "not a holiday-cn file")]
    [InlineData("""{ "year": 2030, "days": [{ "date": "1 Jan", "isOffDay": true }] }""", "days[0]")]
    [InlineData("""{ "year": 2030, "days": [{ "date": "2030-01-01" }] }""", "days[0]")]
    [InlineData("""{ "year": "2030", "days": [1] }""", "not a holiday-cn file")]
    [InlineData("""{ "year": 2030, "days": [1] }""", "days[0]")]
    [InlineData("""{ "year": 2030, "days": [{ "date": "2029-12-31", "isOffDay": true }] }""", "no day in it lies in that year")]
    public void What_cannot_be_read_is_said(string text, string words)
    {
        var file = HolidayFile.Read(text, "CN");

        Assert.Empty(file.Years);
        Assert.Contains(words, file.Errors[0].En);
    }

    [Theory]
    [InlineData("China")]
    [InlineData("cn")]
    [InlineData("")]
    public void A_json_file_needs_the_country_it_is_of(string country) => Assert.Contains("is not a country", HolidayFile.Read("""{ "year": 2030, "days": [] }""", country).Errors.Single().En);
}
