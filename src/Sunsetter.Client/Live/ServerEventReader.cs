using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sunsetter.Client.Live;

/// <summary>Reads a <c>text/event-stream</c> as the HTML standard defines it, with an upper bound on what it will hold.</summary>
internal static class ServerEventReader
{
    /// <summary>The largest event accepted: far above any snapshot, far below what would hurt the host.</summary>
    public const int LargestEvent = 64 * 1024 * 1024;

    public static async IAsyncEnumerable<ServerEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        var fields = new Fields();
        // Of the line that has begun, what has been looked through for its end: a snapshot is one line of megabytes that comes in pieces.
        long searched = 0;
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancel);
                var buffer = read.Buffer;
                while (TryReadLine(ref buffer, searched, out var line))
                {
                    searched = 0;
                    if (fields.Add(line) is { } complete) yield return complete;
                }
                searched = buffer.Length;
                if (buffer.Length > LargestEvent) throw new InvalidDataException("The server sent a line without end.");
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted) yield break;
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, long searched, out ReadOnlySequence<byte> line)
    {
        if (buffer.Slice(searched).PositionOf((byte)'\n') is not { } end) { line = default; return false; }
        line = buffer.Slice(0, end);
        if (line.Length > 0 && line.Slice(line.Length - 1).FirstSpan[0] == '\r') line = line.Slice(0, line.Length - 1);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    /// <summary>Collects the fields of one event until its closing empty line.</summary>
    private sealed class Fields
    {
        private readonly ArrayBufferWriter<byte> _data = new();
        private string _name = "message";
        private string? _id;

        public ServerEvent? Add(ReadOnlySequence<byte> line)
        {
            if (line.IsEmpty) return Complete();
            var bytes = line.ToArray().AsSpan();
            var colon = bytes.IndexOf((byte)':');
            if (colon == 0) return null;
            var field = colon < 0 ? bytes : bytes[..colon];
            var value = colon < 0 ? [] : bytes[(colon + 1)..];
            if (value.Length > 0 && value[0] == ' ') value = value[1..];

            if (field.SequenceEqual("data"u8)) AddData(value);
            else if (field.SequenceEqual("event"u8)) _name = Encoding.UTF8.GetString(value);
            else if (field.SequenceEqual("id"u8)) _id = Encoding.UTF8.GetString(value);
            return null;
        }

        private void AddData(ReadOnlySpan<byte> value)
        {
            if (_data.WrittenCount + value.Length > LargestEvent) throw new InvalidDataException("The server sent an event without end.");
            if (_data.WrittenCount > 0) _data.Write("\n"u8);
            _data.Write(value);
        }

        private ServerEvent? Complete()
        {
            ServerEvent? complete = _data.WrittenCount == 0 ? null : new ServerEvent(_name, _id, _data.WrittenMemory.ToArray());
            _data.ResetWrittenCount();
            (_name, _id) = ("message", null);
            return complete;
        }
    }
}
