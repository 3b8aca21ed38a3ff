using System.Text.Json;

namespace Sunsetter.Server.Gates;

/// <summary>The evaluation context of a request, or what is wrong with it in the protocol's words.</summary>
internal sealed record OfrepContext(string? User, string? Customer, string? Error, string? Details)
{
    public static async Task<OfrepContext> Read(HttpRequest request, int longest, CancellationToken cancel)
    {
        if (request.ContentLength > longest)
            return Wrong("PARSE_ERROR", $"The body may have {longest} bytes at most.");
        try
        {
            using var document = await JsonDocument.ParseAsync(new BoundedBody(request.Body, longest), new JsonDocumentOptions { MaxDepth = 16 }, cancel);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return Wrong("PARSE_ERROR", "The body is an object with “context”.");
            if (!root.TryGetProperty("context", out var context) || context.ValueKind == JsonValueKind.Null)
                return new OfrepContext(null, null, null, null);
            if (context.ValueKind != JsonValueKind.Object)
                return Wrong("INVALID_CONTEXT", "“context” is an object.");
            return Word(context, "targetingKey", out var user) && Word(context, "customer", out var customer)
                ? new OfrepContext(user, customer, null, null)
                : Wrong("INVALID_CONTEXT", "“targetingKey” and “customer” are strings of at most 500 characters.");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON by its grammar, and no text.
            return Wrong("PARSE_ERROR", "A string is not well-formed Unicode.");
        }
        catch (JsonException broken)
        {
            return Wrong("PARSE_ERROR", broken.Message);
        }
    }

    private static OfrepContext Wrong(string error, string details) => new(null, null, error, details);

    private static bool Word(JsonElement context, string name, out string? word)
    {
        word = null;
        if (!context.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return true;
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { Length: <= 500 } text)
            return false;
        word = text;
        return true;
    }

    /// <summary>Ends a body that is longer than it may be; what is cut off does not parse.</summary>
    private sealed class BoundedBody(Stream inner, int left) : Stream
    {
        private int left = left;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
        {
            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, left)], cancel);
            left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
