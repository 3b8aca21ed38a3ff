using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>
/// Real messages, mails and calls. Every expected figure was computed without us, by the command above it; F is the file of the data set.
/// </summary>
public sealed class RealDataTests
{
    private const string Message = "time=#3,user=#1,module='direct-messages',customer='uci',separator=space,header=no";
    private const string Call = "time=#3,user=#1,module='voice-calls',customer='reality',separator=space,header=no";

    [Theory, EachDatabase]
    public async Task A_service_that_died_is_seen_to_die(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        // wc -l < F; the 36 equal lines among them are messages of their own.
        Assert.Equal((59_835, 0, 0), await Import(server, "im-college-msg/CollegeMsg.txt", Message));
        Assert.Equal((59_835, 59_835, 0), await Import(server, "im-college-msg/CollegeMsg.txt", Message));

        var usage = server.Get<UsageQuestions>();
        var messages = new ModuleKey("direct-messages");
        var all = await usage.Activity(messages, new DateOnly(2004, 10, 31), 200, Cancel);
        // awk '{print strftime("%Y-%m",$3,1)}' F | sort | uniq -c
        Assert.Equal([4929, 37698, 7911, 3699, 2675, 2099, 824], all.Days.GroupBy(day => day.Day.Month).Select(month => month.Sum(day => day.Calls)));
        // awk '{d=strftime("%Y-%m-%d",$3,1)} d=="2004-05-10"{print $1}' F | sort -u | wc -l
        Assert.Equal(210, all.Days.Single(day => day.Day == new DateOnly(2004, 5, 10)).Users);

        // The same command for the 7 days up to 2004-04-12, 04-19 … 05-31.
        Assert.Equal([0, 3, 154, 348, 550, 516, 652, 651], (await usage.Activity(messages, new DateOnly(2004, 5, 31), 60, Cancel)).Weeks.Select(week => week.Users));
        // 728 people in the 28 days up to 2004-06-28, 1,024 in the 28 before; at the end of May the 28 before begin ahead of the first message, and no trend is made up.
        Assert.Equal((728 - 1024) / 1024.0, (await usage.Activity(messages, new DateOnly(2004, 6, 28), 60, Cancel)).Trend);
        Assert.Null((await usage.Activity(messages, new DateOnly(2004, 5, 31), 60, Cancel)).Trend);
        // u=12599 (2004-06-30): awk -v u=$u '{d=int($3/86400); if(!($1 in f)||d<f[$1])f[$1]=d; if(d>u-28&&d<=u)r[$1]=1}
        //   END{s=u-69; for(x in f)if(f[x]>=s&&f[x]<=u){w=int((f[x]-s)/7);n[w]++;if(x in r)st[w]++} for(w=0;w<10;w++)print n[w]+0,st[w]+0}' F; the last four are too young to say.
        Assert.Equal([(214, 111), (256, 125), (207, 78), (118, 51), (204, 94), (104, 66), (80, null), (30, null), (1, null), (13, null)],
            (await usage.Retention(messages, new DateOnly(2004, 6, 30), 10, Cancel)).Select(cohort => (cohort.Users, cohort.StillActive)));

        var may = await usage.Activity(messages, new DateOnly(2004, 5, 31), 60, Cancel);
        // awk '{d=strftime("%Y-%m-%d",$3,1)} d>="2004-05-31"&&d<="2004-05-31"{print $1}' F | sort -u | wc -l; from 05-25; from 05-04
        Assert.Equal((148, 651, 1024), (may.Day, may.Week, may.Month));
        // awk '{print $1}' F | sort -u | wc -l
        Assert.Equal(1350, (await usage.UsersNotMoved(messages, new ModuleKey("none"), null, new DateOnly(2004, 10, 31), 200, 10_000, Cancel)).Count);
    }

    [Theory, EachDatabase]
    public async Task Three_departments_are_three_customers_on_relative_unsorted_times(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lines = new List<(long, long, long)>();
        for (var department = 1; department <= 3; department++)
            lines.Add(await Import(server, $"im-email-eu/email-Eu-Dept{department}.txt",
                $"time=#3,user=#1,module='mail-gateway',customer='dept-{department}',separator=space,header=no,epoch=2003-10-01T00:00:00Z"));
        // wc -l F
        Assert.Equal([(61_046, 0, 0), (46_772, 0, 0), (12_216, 0, 0)], lines);

        var customers = await server.Get<UsageQuestions>().Customers(new ModuleKey("mail-gateway"), new DateOnly(2004, 12, 1), 60, Cancel);
        // Day 427 after the epoch is 2004-12-01: awk '$3>=400*86400 && $3<428*86400{print $1}' F | sort -u | wc -l
        Assert.Equal(["dept-1 144", "dept-2 89", "dept-3 38"], customers.Select(customer => $"{customer.Customer} {customer.Month}"));
        // Who received mail of the first department, as a module of its own.
        Assert.Equal((61_046, 0, 0), await Import(server, "im-email-eu/email-Eu-Dept1.txt", "time=#3,user=#2,module='inbox',customer='dept-1',separator=space,header=no,epoch=2003-10-01T00:00:00Z"));
        var (mail, inbox) = (new ModuleKey("mail-gateway"), new ModuleKey("inbox"));
        var overlap = (await server.Get<UsageQuestions>().Overlaps(mail, inbox, new DateOnly(2004, 12, 1), 28, Cancel)).Single(one => one.Customer.Value == "dept-1");
        // S: awk '$3>=400*86400 && $3<428*86400{print $1}' F | sort -u; R: the same of $2; comm -12 S R
        Assert.Equal((144, 188, 138), (overlap.Old, overlap.New, overlap.Both));
        // The same of pairs: awk '$3>=400*86400 && $3<428*86400{print $1, int($3/86400)}' F | sort -u; with $2: 1,004 pairs.
        var neighbour = Assert.Single(await server.Get<UsageQuestions>().Neighbours(inbox, new DateOnly(2004, 12, 1), 28, Cancel));
        Assert.Equal((mail, 367L, 367 / 1004.0), (neighbour.Module, neighbour.UserDays, neighbour.Share));
        var whole = await server.Get<UsageQuestions>().Activity(new ModuleKey("mail-gateway"), new DateOnly(2003, 10, 1).AddDays(803), 800, Cancel);
        // The data has a gap of about eight months before its last month; it is known to be a gap, not silence.
        Assert.Contains(whole.Coverage.Gaps, gap => gap.Until.DayNumber - gap.From.DayNumber > 200);
    }

    [Theory, EachDatabase]
    public async Task Calls_are_counted_beside_messages_without_touching_them(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        Assert.Equal((52_050, 0, 0), await Import(server, "im-reality-call/ia-reality-call.txt", Call));
        var november = await server.Get<UsageQuestions>().Customers(new ModuleKey("voice-calls"), new DateOnly(2004, 11, 30), 60, Cancel);
        // awk '{d=strftime("%Y-%m-%d",$3,1)} d>="2004-11-03"&&d<="2004-11-30"{print $1}' F | sort -u | wc -l; without sort -u
        Assert.Equal((1524, 15_456), (november.Single().Month, november.Single().CallsOfMonth));
    }

    private static async Task<(long Accepted, long Repeated, long Rejected)> Import(ServerUnderTest server, string file, string map)
    {
        var path = Repository.Data is { } data ? Path.Combine(data, file) : "";
        Assert.SkipUnless(File.Exists(path), $"The real data {file} is not here: set SUNSETTER_TEST_DATA to its folder.");
        await using var stream = File.OpenRead(path);
        var result = (await server.Get<UsageImport>().Run(stream, UsageMapping.Parse(map).Value, null, null, Cancel)).Value;
        return (result.Accepted, result.Repeated, result.Rejected);
    }
}
