using System.Globalization;
using System.Text;

namespace Sunsetter.Server.Gates;

/// <summary>Server-sent events, ready to be written: data is always one line.</summary>
internal static class SseFrame
{
    public static byte[] Of(string name, long? id, ReadOnlySpan<byte> data)
    {
        var head = Encoding.ASCII.GetBytes(id is null ? $"event: {name}\ndata: " : string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {id}\ndata: "));
        var frame = new byte[head.Length + data.Length + 2];
        head.CopyTo(frame, 0);
        data.CopyTo(frame.AsSpan(head.Length));
        frame[^2] = frame[^1] = (byte)'\n';
        return frame;
    }

    public static byte[] Time(DateTimeOffset now, Published? newest) =>
        Of("time", null, Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"now":"{{EdgeDoor.Instant(now)}}","version":{{newest?.Version ?? 0}},"issuedAt":"{{EdgeDoor.Instant(newest?.Snapshot.IssuedAt ?? now)}}"}""")));

    public static readonly byte[] Revoked = Of("revoked", null, "{}"u8);

    public static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
}
