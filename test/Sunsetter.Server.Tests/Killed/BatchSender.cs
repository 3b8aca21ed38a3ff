using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>An application that reports its use in batches and repeats each until it is acknowledged.</summary>
internal sealed class BatchSender(MortalServer server, Counted counted, int seed)
{
    public int Acknowledged { get; private set; }

    public int Repeated { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        using var client = server.Client(MortalServer.Token);
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var events = Events(number);
            var batch = new { batch = $"batch-{seed}-{number}", events = events.Select(one => new { time = $"{one.Day}T11:00:00Z", module = one.Module, customer = one.Customer, user = one.User }) };
            // One that is on its way is followed to its end, whatever happens: only what is acknowledged can be counted.
            while (!await Sent(client, batch, TestContext.Current.CancellationToken))
                await Task.Delay(30, TestContext.Current.CancellationToken);
            counted.Add(events);
        }
    }

    private async Task<bool> Sent(HttpClient client, object batch, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.PostAsJsonAsync("/edge/v1/usage", batch, cancel);
            if (!answer.IsSuccessStatusCode)
                return false;
            var said = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            Assert.Equal(0, said.GetProperty("rejected").GetInt32());
            Acknowledged++;
            Repeated += said.GetProperty("duplicate").GetBoolean() ? 1 : 0;
            return true;
        }
        catch (Exception died) when (died is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private List<(string Module, string Customer, string Day, string User)> Events(int number)
    {
        var chance = new Random(seed * 1_000_003 + number);
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        return [.. Enumerable.Range(0, 40).Select(_ => ("reported", $"customer-{chance.Next(1, 5):0000}", today.AddDays(-chance.Next(1, 3)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"u{chance.Next(500)}"))];
    }
}
