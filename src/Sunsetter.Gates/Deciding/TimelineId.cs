using System.Security.Cryptography;
using System.Text;

namespace Sunsetter.Gates;

/// <summary>Names a timeline by its content: 60 bits of SHA-256, so that nodes agree without asking each other.</summary>
internal static class TimelineId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 12;

    public static string Of(GateSegment[] segments)
    {
        var text = new StringBuilder(segments.Length * 48);
        foreach (var segment in segments)
            text.Append(segment.From.UtcTicks).Append(' ').Append((int)segment.State).Append(' ').Append(segment.Share).Append(' ').Append(segment.Reason)
                .Append(' ').Append(segment.Closes?.UtcTicks).Append('\n');

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
#if NET
        var hash = SHA256.HashData(bytes);
#else
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(bytes);
#endif
        var bits = BitConverter.ToUInt64(hash, 0);
        if (!BitConverter.IsLittleEndian) bits = Reverse(bits);
        var id = new char[Length];
        for (var i = 0; i < Length; i++, bits >>= 5) id[i] = Alphabet[(int)(bits & 31)];
        return new string(id);
    }

    private static ulong Reverse(ulong value)
    {
        ulong result = 0;
        for (var i = 0; i < 8; i++, value >>= 8) result = (result << 8) | (value & 0xff);
        return result;
    }
}
