using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Tests.Usage.Standings;

public sealed class StandingRuleTests(ITestOutputHelper output)
{
    private const int Days = 120;

    private static readonly DateOnly From = new(2026, 8, 1);

    [Theory]
    [InlineData(Days)]
    [InlineData(250)]
    [InlineData(500)]
    [InlineData(UsageQuestions.LookBack + Days)]
    [InlineData(HiddenDependents.History)]
    public void Generated_customers_are_judged_as_they_were_made_however_long_ago_it_was(int days)
    {
        var chance = new Random(20261122);
        var confusion = new SortedDictionary<(Standing Truth, Standing Judged), int>();
        foreach (var truth in Enum.GetValues<Standing>())
            for (var number = 0; number < 200; number++)
            {
                var judged = Judged(Generated(truth, chance, days));
                confusion[(truth, judged)] = confusion.GetValueOrDefault((truth, judged)) + 1;
            }
        foreach (var ((truth, judged), count) in confusion)
            output.WriteLine($"{days} days: {truth,-9} judged {judged,-9} {count}");

        var right = confusion.Where(cell => cell.Key.Truth == cell.Key.Judged).Sum(cell => cell.Value);
        Assert.True(right >= 0.98 * confusion.Values.Sum(), $"{right} of {confusion.Values.Sum()} right");
        // The error that closes a module on somebody must not happen at all.
        Assert.DoesNotContain(confusion.Keys, cell => cell.Judged == Standing.Moved && cell.Truth != Standing.Moved);
    }

    [Fact]
    public void A_single_season_at_the_end_of_the_year_is_expected_again()
    {
        var until = new DateOnly(2026, 9, 1);
        var standing = UsageQuestions.Judge(new CustomerKey("huaxin"), until, Stored(HiddenDependents.History, day => until.AddDays(day) is { Month: 12, Day: > 15 and < 31, Year: 2025 } ? UserSet.Of(1, 2) : null), null,
            // Reports began in the summer before it.
            [.. Enumerable.Range(1 - HiddenDependents.History, HiddenDependents.History).Select(day => until.AddDays(day) > new DateOnly(2025, 7, 1))], [.. Enumerable.Repeat(true, UsageQuestions.LookBack)]);
        Assert.Equal((Standing.Quiet, new DateOnly(2026, 12, 31)), (standing?.State, standing?.ExpectedAgain));
    }

    [Fact]
    public void Who_went_back_is_found_on_the_day()
    {
        var chance = new Random(5);
        for (var number = 0; number < 200; number++)
        {
            var moved = Generated(Standing.Moved, chance);
            Assert.Equal(Standing.Moved, StandingRule.Judge(moved).State);
            var old = moved.Old.ToArray();
            old[^1] = UserSet.Of(1);
            var judged = StandingRule.Judge(moved with { Old = old });
            Assert.Equal((Standing.WentBack, From.AddDays(Days - 1)), (judged.State, judged.Since));
        }
    }

    [Fact]
    public void Silence_alone_never_means_moved()
    {
        var judged = StandingRule.Judge(Input(day => day < 60 ? UserSet.Of(1, 2, 3) : null, _ => null));
        Assert.Equal(Standing.Quiet, judged.State);
        Assert.Contains("ask them", judged.Evidence.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StandingRule.Window - 1, Standing.Moving)]
    [InlineData(StandingRule.Window, Standing.Moved)]
    internal void One_day_less_than_the_window_of_silence_is_not_moved(int silent, Standing expected) =>
        Assert.Equal(expected, StandingRule.Judge(Input(day => day < Days - silent ? UserSet.Of(1, 2) : null, day => day > 50 ? UserSet.Of(1, 2) : null)).State);

    [Theory]
    [InlineData(StandingRule.MostUnknownDays, Standing.Moved)]
    [InlineData(StandingRule.MostUnknownDays + 1, Standing.Unknown)]
    internal void One_unknown_day_too_many_makes_the_silence_unknown(int unknown, Standing expected)
    {
        var input = Input(day => day < 90 ? UserSet.Of(1, 2) : null, day => day > 50 ? UserSet.Of(1, 2) : null);
        Assert.Equal(expected, StandingRule.Judge(input with { OldKnown = [.. Enumerable.Range(0, Days).Select(day => day < Days - unknown)] }).State);
    }

    [Theory]
    [InlineData(1, 0, "The one former user is not on the replacement")]
    [InlineData(1, 1, "The one former user is on the replacement")]
    [InlineData(4, 0, "None of the 4 former users is on the replacement")]
    [InlineData(4, 1, "1 of the 4 former users is on the replacement")]
    [InlineData(4, 3, "3 of the 4 former users are on the replacement")]
    public void One_user_and_many_are_spoken_of_as_such(int former, int followed, string said)
    {
        UserSet Users(int count) => UserSet.Of([.. Enumerable.Range(1, count).Select(user => (uint)user)]);
        Assert.Contains(said, StandingRule.Judge(Input(day => day < 60 ? Users(former) : null, day => day > 50 && followed > 0 ? Users(followed) : null)).Evidence.En, StringComparison.Ordinal);
    }

    [Fact]
    public void The_expected_return_of_periodic_use_is_in_the_evidence()
    {
        var judged = StandingRule.Judge(Input(day => day is > 55 and < 65 ? UserSet.Of(1, 2) : null, _ => null) with { ExpectedAgain = new DateOnly(2026, 12, 31) });
        Assert.Equal(Standing.Quiet, judged.State);
        Assert.Contains("31 Dec 2026", judged.Evidence.En, StringComparison.Ordinal);
        Assert.Contains("2026年12月31日", judged.Evidence.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_two_occasions_nobody_has_moved_although_all_are_on_the_replacement()
    {
        var input = Input(day => day is > 55 and < 65 ? UserSet.Of(1, 2) : null, day => day > 50 ? UserSet.Of(1, 2) : null);
        Assert.Equal(Standing.Moved, StandingRule.Judge(input).State);
        Assert.Equal(Standing.Quiet, StandingRule.Judge(input with { ExpectedAgain = new DateOnly(2026, 12, 31) }).State);
    }

    // As it is asked: the old module's days of the whole history, the replacement's of the half year. Of whom there is nothing to say, both are quiet.
    private static Standing Judged(StandingInput input)
    {
        var last = input.Old.Count - 1;
        CustomerDays Kept(int length, IReadOnlyList<UserSet?> days) => Stored(length, day => last + day < 0 ? null : days[last + day]);
        bool[] Known(int length, IReadOnlyList<bool> known) => [.. Enumerable.Range(1 - length, length).Select(day => last + day < 0 || known[last + day])];
        return UsageQuestions.Judge(input.Customer, input.From.AddDays(last), Kept(HiddenDependents.History, input.Old), Kept(UsageQuestions.LookBack, input.New),
            Known(HiddenDependents.History, input.OldKnown), Known(UsageQuestions.LookBack, input.NewKnown))?.State ?? Standing.Quiet;
    }

    private static CustomerDays Stored(int length, Func<int, UserSet?> of)
    {
        var days = new CustomerDays(length);
        for (var day = 0; day < length; day++)
            days.Users[day] = of(day - length + 1);
        return days;
    }

    private static StandingInput Generated(Standing truth, Random chance, int days = Days)
    {
        var size = chance.Next(2, 60);
        var change = chance.Next(40, 80);
        var gone = chance.Next(0, Days - StandingRule.Window - 82) + 82;
        UserSet? Some(int day, double share) => Weekend(day) && chance.NextDouble() < 0.9 ? null
            : UserSet.Of([.. Enumerable.Range(0, size).Where(_ => chance.NextDouble() < share).Select(user => (uint)user).Append((uint)chance.Next(size))]);
        var (stopped, back) = (chance.Next(4, 30), days - chance.Next(1, 8));
        return truth switch
        {
            Standing.Staying => Input(day => Some(day, 0.4), _ => null, days),
            Standing.Moving => Input(day => Some(day, 0.3), day => day > change ? Some(day, 0.3) : null, days),
            Standing.Moved => Input(day => day < gone ? Some(day, 0.4) : null, day => day > change ? Some(day, 0.5) : null, days),
            Standing.Quiet => Input(day => day < gone ? Some(day, 0.4) : null, _ => null, days),
            Standing.WentBack => Input(day => day == days - 1 ? UserSet.Of(0) : day < 60 || day > back ? Some(day, 0.4) : null, day => day > 40 && day < days - 10 ? Some(day, 0.5) : null, days),
            _ => Input(day => day < days - StandingRule.Window - 5 ? Some(day, 0.4) : null, day => day < days - stopped ? Some(day, 0.01) : null, days)
                with
            { OldKnown = [.. Enumerable.Range(0, days).Select(day => day < days - stopped)], NewKnown = [.. Enumerable.Range(0, days).Select(day => day < days - stopped)] },
        };
    }

    private static bool Weekend(int day) => From.AddDays(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private static StandingInput Input(Func<int, UserSet?> old, Func<int, UserSet?> replacement, int days = Days)
    {
        var known = Enumerable.Repeat(true, days).ToArray();
        return new(new CustomerKey("huaxin"), From, [.. Enumerable.Range(0, days).Select(old)], [.. Enumerable.Range(0, days).Select(replacement)], known, known);
    }
}
