using System.Text;
using System.Text.Json;

namespace Sunsetter.Server.Migrate;

/// <summary>What a running tool says: progress and its verdict as JSON lines, everything else kept as its output. Bounded in every direction.</summary>
internal sealed class ToolTalk
{
    private const int LongestLine = 4 * 1024;
    private const int LongestOutput = 64 * 1024;
    private const int LongestMessage = 500;

    private readonly Lock guard = new();
    private readonly StringBuilder output = new();
    private int? done, total;
    private string message = "";
    private bool? verdict;

    /// <summary>The tool's own last word; null while it gave none.</summary>
    public bool? Verdict
    {
        get
        {
            lock (guard)
                return verdict;
        }
    }

    public (int? Done, int? Total, string Message, string Output) Now
    {
        get
        {
            lock (guard)
                return (done, total, message, output.ToString());
        }
    }

    /// <summary>Hears a stream to its end, line by line; what is longer than a line may be is cut.</summary>
    public async Task Hear(Stream stream, CancellationToken cancel)
    {
        var buffer = new byte[8 * 1024];
        var line = new MemoryStream();
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            for (var rest = buffer.AsMemory(0, read); rest.Length > 0;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var part = end < 0 ? rest : rest[..end];
                line.Write(part.Span[..Math.Min(part.Length, LongestLine - (int)line.Length)]);
                if (end >= 0)
                    Take(line);
                rest = end < 0 ? default : rest[(end + 1)..];
            }
        }
        if (line.Length > 0)
            Take(line);
    }

    /// <summary>One line: <c>{"done":5,"total":10,"message":"…","result":"succeeded"}</c>, each member optional, or any other text. False for other text.</summary>
    public bool Hear(string line)
    {
        var text = Clean(line);
        if (text.Length == 0)
            return true;
        lock (guard)
        {
            if (text[0] == '{' && Progress(text))
                return true;
            Keep(text);
            return false;
        }
    }

    private bool Progress(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var said = json.RootElement;
            if (Count(said, "done") is { } newDone)
                done = newDone;
            if (Count(said, "total") is { } newTotal)
                total = newTotal;
            if (said.TryGetProperty("message", out var words) && words.ValueKind == JsonValueKind.String && Clean(words.GetString()!) is { Length: > 0 } clean)
            {
                message = Short(clean);
                Keep(clean);
            }
            if (said.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String)
                verdict = result.GetString() == "succeeded";
            return true;
        }
        // The second for a string that holds half a surrogate pair.
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static int? Count(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0 ? count : null;

    private void Keep(string text)
    {
        output.Append(text).Append('\n');
        if (output.Length > LongestOutput)
            output.Remove(0, output.Length - LongestOutput + (char.IsLowSurrogate(output[output.Length - LongestOutput]) ? 1 : 0));
    }

    private void Take(MemoryStream line)
    {
        Hear(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        line.SetLength(0);
    }

    // A database does not take every character, and a terminal's control codes say nothing on a page.
    private static string Clean(string text) => string.Concat(text.Where(letter => !char.IsControl(letter) || letter == '\t')).Trim();

    // Half of a pair of surrogates is no text.
    private static string Short(string text) => text.Length <= LongestMessage ? text : text[..(char.IsHighSurrogate(text[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage)];
}
