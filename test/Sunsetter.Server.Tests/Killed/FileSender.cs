using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>Imports files of usage one after the other; one that was broken off by a death is sent again, as a person would.</summary>
internal sealed class FileSender(MortalServer server, Counted counted, KillPlan plan)
{
    public int Files { get; private set; }

    /// <summary>Times that a death took the connection; not those at which nobody listened.</summary>
    public int BrokenOff { get; private set; }

    public async Task Run(CancellationToken cancel)
    {
        using var client = server.Client(MortalServer.Token);
        for (var file = 0; file < plan.Files.Count; file++)
        {
            var lines = Lines(file).ToList();
            var text = new StringBuilder("time,module,customer,user\n");
            foreach (var (module, customer, day, user) in lines)
                text.Append(CultureInfo.InvariantCulture, $"{day}T10:00:00Z,{module},{customer},{user}\n");
            var content = Encoding.UTF8.GetBytes(text.ToString());
            while (!await Sent(client, content, file, cancel))
                await Task.Delay(50, cancel);
            counted.Add(lines);
            Files++;
        }
    }

    private async Task<bool> Sent(HttpClient client, byte[] content, int file, CancellationToken cancel)
    {
        try
        {
            using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
            using var answer = await client.PostAsync($"/api/v1/imports/usage?file=part-{file}.csv", body, cancel);
            var said = await answer.Content.ReadAsStringAsync(cancel);
            Assert.True(answer.IsSuccessStatusCode, said);
            return true;
        }
        catch (Exception died) when (died is HttpRequestException or IOException)
        {
            BrokenOff += died is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? 0 : 1;
            return false;
        }
    }

    private IEnumerable<(string Module, string Customer, string Day, string User)> Lines(int file)
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        return Enumerable.Range(0, plan.Files[file]).Select(line =>
            ($"filed-{line % 2}", $"customer-{1 + file % 4:0000}", today.AddDays(-1 - line % 3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"u{(line * 7919 + file) % 1000}"));
    }
}
