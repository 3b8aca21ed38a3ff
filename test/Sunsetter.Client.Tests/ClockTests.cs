using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sunsetter.Client.Clock;

namespace Sunsetter.Client.Tests;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 16, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void An_answer_corrects_a_clock_that_is_an_hour_wrong(int minutes)
    {
        var local = new FakeTimeProvider(Start.AddMinutes(minutes));
        var clock = new ServerClock(local, TimeSpan.Zero);
        var sent = clock.Timestamp();
        local.Advance(TimeSpan.FromMilliseconds(20));
        clock.HeardInAnswer(Start.AddMilliseconds(10), sent);

        Assert.Equal(Start.AddMilliseconds(20), clock.Now);
        Assert.Equal(TimeSpan.FromMinutes(-minutes), clock.Offset);
    }

    [Fact]
    public void A_step_of_the_local_clock_changes_nothing_once_the_server_was_heard()
    {
        var local = new SteppingTime();
        var clock = new ServerClock(local, TimeSpan.Zero);
        clock.HeardInAnswer(Start, clock.Timestamp());
        local.Wall += TimeSpan.FromHours(3);
        Assert.Equal(Start, clock.Now);
    }

    [Fact]
    public void A_machine_that_slept_is_told_from_one_whose_clock_was_set_back_or_a_little_ahead()
    {
        var local = new SteppingTime();
        var clock = new ServerClock(local, TimeSpan.Zero);
        clock.HeardInAnswer(Start, clock.Timestamp());
        local.Wall += TimeSpan.FromSeconds(1);
        Assert.False(clock.HasSlept());
        local.Wall -= TimeSpan.FromHours(3);
        Assert.False(clock.HasSlept());
        Assert.Equal(Start, clock.Now);

        local.Wall += TimeSpan.FromHours(2);
        Assert.True(clock.HasSlept());
        Assert.False(clock.HasSlept(), "and only once");
        Assert.Equal((Start.AddHours(2), true), (clock.Now, clock.Error >= TimeSpan.FromSeconds(2)));
        // It was no sleep: the server says so.
        clock.HeardInAnswer(Start, clock.Timestamp());
        Assert.Equal(Start, clock.Now);
    }

    [Fact]
    public void The_error_is_never_more_than_half_the_way_of_the_quickest_answer()
    {
        Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, 4_000], Gen.Int[-7_200_000, 7_200_000]).List[1, 12].Sample(answers =>
        {
            var offset = TimeSpan.FromMilliseconds(answers[0].Item3);
            var local = new FakeTimeProvider(Start);
            var clock = new ServerClock(local, TimeSpan.Zero);
            foreach (var (there, back, _) in answers)
            {
                var sent = clock.Timestamp();
                local.Advance(TimeSpan.FromMilliseconds(there));
                var said = local.GetUtcNow() + offset;
                local.Advance(TimeSpan.FromMilliseconds(back));
                clock.HeardInAnswer(said, sent);
            }
            var quickest = answers.Min(answer => answer.Item1 + answer.Item2) / 2.0;
            var drift = answers.Sum(answer => answer.Item1 + answer.Item2) * 50e-6;
            var error = Math.Abs((clock.Now - local.GetUtcNow() - offset).TotalMilliseconds);
            Assert.True(error <= quickest + drift + 0.001, $"{error} ms of {quickest} ms");
        });
    }

    [Fact]
    public void A_message_from_the_future_moves_the_clock_forward_and_a_late_one_does_not_move_it_back()
    {
        var clock = new ServerClock(new FakeTimeProvider(Start), TimeSpan.Zero);
        Assert.True(clock.HeardInMessage(Start.AddMilliseconds(300)));
        Assert.True(clock.HeardInMessage(Start.AddMilliseconds(100)));
        Assert.Equal(Start.AddMilliseconds(300), clock.Now);
    }

    [Fact]
    public void A_message_more_than_a_second_late_asks_for_a_round_trip_which_then_settles_it()
    {
        var clock = new ServerClock(new FakeTimeProvider(Start), TimeSpan.Zero);
        clock.HeardInAnswer(Start, clock.Timestamp());
        Assert.True(clock.HeardInMessage(Start.AddSeconds(-1)));
        Assert.False(clock.HeardInMessage(Start.AddSeconds(-1.001)));

        clock.HeardInAnswer(Start.AddDays(-2), clock.Timestamp());
        Assert.Equal(Start.AddDays(-2), clock.Now);
    }

    [Fact]
    public void A_server_clock_set_forward_is_followed_at_once()
    {
        var clock = new ServerClock(new FakeTimeProvider(Start), TimeSpan.Zero);
        clock.HeardInAnswer(Start, clock.Timestamp());
        clock.HeardInMessage(Start.AddDays(30));
        Assert.Equal(Start.AddDays(30), clock.Now);
    }

    [Fact]
    public void The_last_known_error_is_kept_on_disk()
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-").FullName;
        StoredOffset.Write(directory, TimeSpan.FromHours(-1));
        Assert.Equal(TimeSpan.FromHours(-1), StoredOffset.Read(directory));
        File.WriteAllText(Path.Combine(directory, "clock-offset-ms"), "rubbish");
        Assert.Equal(TimeSpan.Zero, StoredOffset.Read(directory));
    }

    private sealed class SteppingTime : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => 0;
    }
}
