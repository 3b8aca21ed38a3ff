using System.Text;
using CsCheck;
using Sunsetter.Client.Live;

namespace Sunsetter.Client.Tests;

public sealed class ServerEventTests
{
    [Fact]
    public async Task Fields_comments_and_line_ends_are_read_as_the_standard_says()
    {
        var text = ": a comment\r\nevent: delta\r\nid: 7\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\ndata:no space\n\nevent: without data\n\nid\ndata\n\n";
        var events = await ReadAsync(text, 3);
        Assert.Equal([("delta", "7", "{\"a\":\n1}"), ("message", null, "no space")], events);
    }

    [Fact]
    public void However_the_bytes_are_cut_the_events_are_the_same()
    {
        var words = Gen.OneOf(Gen.Const("x"), Gen.Const("空间"), Gen.Const(""), Gen.Const("{\"a\":1}"));
        Gen.Select(words.List[1, 6], Gen.Int[1, 9]).Sample((data, piece) =>
        {
            var text = string.Concat(data.Select((word, i) => $"event: e{i}\nid: {i}\ndata: {word}\n\n"));
            var expected = data.Select((word, i) => ($"e{i}", (string?)$"{i}", word)).Where(one => one.word.Length > 0);
            var read = ReadAsync(text, piece).GetAwaiter().GetResult();
            Assert.Equal(expected, read);
        });
    }

    private static async Task<List<(string, string?, string)>> ReadAsync(string text, int piece)
    {
        var events = new List<(string, string?, string)>();
        await foreach (var one in ServerEventReader.ReadAsync(new Pieces(Encoding.UTF8.GetBytes(text), piece), CancellationToken.None))
            events.Add((one.Name, one.Id, Encoding.UTF8.GetString(one.Data.Span)));
        return events;
    }

    /// <summary>A stream that gives a few bytes at a time, as a network may.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
