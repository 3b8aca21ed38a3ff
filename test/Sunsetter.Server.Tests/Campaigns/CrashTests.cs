using System.Collections.Concurrent;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Campaigns;

/// <summary>What a sender that dies in the middle leaves behind.</summary>
public sealed class CrashTests
{
    private static readonly RetirementId Retirement = RetirementId.New();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Accepts everything, and dies as told: before it hands the mail over, or after.</summary>
    private sealed class DyingConnector(Func<int, Death> fate) : IConnector
    {
        private int sent;

        /// <summary>How often it was asked to send: later deaths of the play never came.</summary>
        public int Sent => sent;

        public ConcurrentBag<(string MessageId, string Address)> Accepted { get; } = [];
        public string Channel => "email";
        public int PerMinute => 100_000;
        public int AtOnce => 1;
        public TimeSpan Timeout => TimeSpan.FromSeconds(20);
        public bool Ready => true;

        public Task<Attempt> Send(OutgoingMessage message, CancellationToken cancel)
        {
            var death = fate(sent++);
            if (death == Death.BeforeHandingOver)
                throw Die();
            Accepted.Add((message.MessageId, message.Address));
            return death == Death.AfterHandingOver ? throw Die() : Task.FromResult<Attempt>(new Attempt.Accepted());
        }

        /// <summary>Ends the life that asks: a mere exception would be taken for an attempt that failed, and be waited after.</summary>
        public CancellationTokenSource? Life { get; set; }

        private OperationCanceledException Die()
        {
            Life!.Cancel();
            return new OperationCanceledException(Life.Token);
        }
    }

    private enum Death
    {
        None,
        BeforeHandingOver,
        AfterHandingOver,
    }

    private sealed class Recorder : IOutcomes
    {
        public ConcurrentBag<string> Recorded { get; } = [];

        public Task<bool> Record(EndedMessage message, CancellationToken cancel)
        {
            Recorded.Add(message.Recipient);
            return Task.FromResult(true);
        }
    }

    [Theory, EachDatabase]
    public async Task However_often_the_step_runs_and_wherever_it_crashes_each_key_is_one_message_accepted_with_one_message_id(Database database)
    {
        await Gen.Enum<Death>().Array[1, 12].SampleAsync(async deaths =>
        {
            var connector = new DyingConnector(at => at < deaths.Length ? deaths[at] : Death.None);
            var recorder = new Recorder();
            await using var server = await ServerUnderTest.On(database, services =>
            {
                foreach (var known in services.Where(service => service.ServiceType == typeof(IConnector) || service.ServiceType == typeof(IOutcomes)).ToList())
                    services.Remove(known);
                services.AddSingleton<IConnector>(connector);
                services.AddSingleton<IOutcomes>(recorder);
            });
            var wanted = Enumerable.Range(0, 6).Select(number => $"user{number}@huaxin.test").ToList();

            for (var turn = 0; turn <= deaths.Length; turn++)
            {
                await server.Get<Outbox>().Add([.. wanted.Select(Draft)], Cancel);
                await Live(server, connector);
                server.Clock.Advance(TimeSpan.FromSeconds(61));
            }
            await server.Tick();

            // One Message-ID for each address, however many copies; a repeat only where it died after handing over.
            Assert.Equal(wanted, connector.Accepted.Select(mail => mail.Address).Distinct().Order());
            Assert.Equal(wanted.Count, connector.Accepted.Select(mail => mail.MessageId).Distinct().Count());
            Assert.Equal(connector.Accepted.Count - wanted.Count, deaths.Take(connector.Sent).Count(death => death == Death.AfterHandingOver));
            Assert.Equal(wanted, recorder.Recorded.Order());
        }, iter: 12, threads: 1);
    }

    [Theory, EachDatabase]
    public async Task The_result_of_a_lost_claim_is_not_written(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Outbox>().Add([Draft("anna@huaxin.test")], Cancel);
        var claims = server.Get<Claims>();
        var old = Assert.Single(await claims.Take("email", 10, 100, TimeSpan.FromSeconds(60), Cancel));
        Assert.Empty(await claims.Take("email", 10, 100, TimeSpan.FromSeconds(60), Cancel));

        server.Clock.Advance(TimeSpan.FromSeconds(60));
        var current = Assert.Single(await claims.Take("email", 10, 100, TimeSpan.FromSeconds(60), Cancel));

        Assert.Equal((old.Fence + 1, old.MessageId), (current.Fence, current.MessageId));
        Assert.False(await claims.End(old, new Attempt.Refused("smtp.550", "no"), 0.5, Cancel));
        Assert.True(await claims.End(current, new Attempt.Accepted(), 0.5, Cancel));
    }

    [Fact]
    public void The_waiting_time_doubles_and_stays_between_its_bounds() =>
        Gen.Select(Gen.Int[1, 60], Gen.Double[0, 1]).Sample((attempts, chance) =>
        {
            var delay = Backoff.Delay(attempts, chance).TotalSeconds;
            var plain = Math.Min(30 * Math.Pow(2, attempts - 1), 4 * 3600);
            return delay >= plain * 0.8 - 0.001 && delay <= plain * 1.2 + 0.001;
        });

    private static async Task Live(ServerUnderTest server, DyingConnector connector)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        connector.Life = life;
        try
        {
            await server.Get<Ticker>().RunAll(life.Token);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // The process is gone; the next turn is the next process.
        }
    }

    private static Draft Draft(string to) => new(
        new MessageKey(Retirement, new CustomerKey("huaxin"), "notice-1", to, "email"), to, new Letter("s", "<p>h</p>", "h", "en"));
}
