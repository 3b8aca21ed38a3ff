using System.Text;

namespace Sunsetter.Gates.Reading;

/// <summary>
/// A strict JSON parser (RFC 8259): no comments, no trailing commas, no duplicate members, no ill-formed Unicode, bounded in size and depth.
/// Our own because netstandard2.0 has none and this library takes no package.
/// </summary>
internal sealed class JsonParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly byte[] _data;
    private int _at;
    private string? _problem;
    private int _problemAt;

    private JsonParser(byte[] data) => _data = data;

    /// <summary>The document's root, or null and one error with the byte where it stopped making sense.</summary>
    public static JsonNode? Parse(byte[] utf8, ErrorList errors)
    {
        if (utf8.Length > Limits.Bytes)
        {
            errors.Add("limit", "$", $"The document has {utf8.Length} bytes; at most {Limits.Bytes} are read.");
            return null;
        }

        try
        {
            StrictUtf8.GetCharCount(utf8);
        }
        catch (DecoderFallbackException)
        {
            errors.Add("json", "$", "The document is not valid UTF-8.");
            return null;
        }

        var parser = new JsonParser(utf8);
        var root = parser.Document();
        if (parser._problem is not null)
            errors.Add("json", "$", $"{parser._problem} At byte {parser._problemAt}.");
        return parser._problem is null ? root : null;
    }

    private JsonNode? Document()
    {
        SkipSpace();
        var root = Value(0);
        SkipSpace();
        return root is not null && _at < _data.Length ? Fail("Something follows the end of the document.") : root;
    }

    private JsonNode? Value(int depth)
    {
        if (_at >= _data.Length) return Fail("The document ends too early.");
        switch (_data[_at])
        {
            case (byte)'{': return depth < Limits.Depth ? Object(depth) : Fail($"Nested deeper than {Limits.Depth}.");
            case (byte)'[': return depth < Limits.Depth ? Array(depth) : Fail($"Nested deeper than {Limits.Depth}.");
            case (byte)'"': return String() is { } text ? new JsonNode(JsonKind.String, text) : null;
            case (byte)'t': return Word("true", JsonKind.True);
            case (byte)'f': return Word("false", JsonKind.False);
            case (byte)'n': return Word("null", JsonKind.Null);
            default: return Number();
        }
    }

    private JsonNode? Object(int depth)
    {
        var members = new List<KeyValuePair<string, JsonNode>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _at++;
        SkipSpace();
        if (Take('}')) return new JsonNode(JsonKind.Object, members: members);
        while (true)
        {
            SkipSpace();
            if (_at >= _data.Length || _data[_at] != '"') return Fail("A member name is expected.");
            var nameAt = _at;
            if (String() is not { } name) return null;
            if (!names.Add(name)) return Fail("A member is there twice in one object.", nameAt);
            SkipSpace();
            if (!Take(':')) return Fail("A colon is expected.");
            SkipSpace();
            if (Value(depth + 1) is not { } value) return null;
            members.Add(new KeyValuePair<string, JsonNode>(name, value));
            SkipSpace();
            if (Take('}')) return new JsonNode(JsonKind.Object, members: members);
            if (!Take(',')) return Fail("A comma or the end of the object is expected.");
        }
    }

    private JsonNode? Array(int depth)
    {
        var items = new List<JsonNode>();
        _at++;
        SkipSpace();
        if (Take(']')) return new JsonNode(JsonKind.Array, items: items);
        while (true)
        {
            SkipSpace();
            if (Value(depth + 1) is not { } value) return null;
            items.Add(value);
            SkipSpace();
            if (Take(']')) return new JsonNode(JsonKind.Array, items: items);
            if (!Take(',')) return Fail("A comma or the end of the array is expected.");
        }
    }

    private string? String()
    {
        var start = ++_at;
        while (_at < _data.Length)
        {
            var b = _data[_at];
            if (b == '"')
            {
                var text = StrictUtf8.GetString(_data, start, _at - start);
                _at++;
                return text;
            }

            if (b < 0x20)
            {
                Fail("A control character inside a string must be escaped.");
                return null;
            }

            if (b == '\\') return EscapedString(start);
            _at++;
        }

        Fail("A string does not end.");
        return null;
    }

    private string? EscapedString(int start)
    {
        var text = new StringBuilder(StrictUtf8.GetString(_data, start, _at - start));
        while (_at < _data.Length)
        {
            var b = _data[_at];
            if (b == '"')
            {
                _at++;
                return Wellformed(text.ToString());
            }

            if (b == '\\')
            {
                _at++;
                if (!Escape(text)) return null;
                continue;
            }

            var from = _at;
            while (_at < _data.Length && _data[_at] != '"' && _data[_at] != '\\' && _data[_at] >= 0x20) _at++;
            if (_at == from)
            {
                Fail("A control character inside a string must be escaped.");
                return null;
            }

            text.Append(StrictUtf8.GetString(_data, from, _at - from));
        }

        Fail("A string does not end.");
        return null;
    }

    private bool Escape(StringBuilder text)
    {
        var c = _at < _data.Length ? (char)_data[_at++] : '\0';
        switch (c)
        {
            case '"' or '\\' or '/': text.Append(c); return true;
            case 'b': text.Append('\b'); return true;
            case 'f': text.Append('\f'); return true;
            case 'n': text.Append('\n'); return true;
            case 'r': text.Append('\r'); return true;
            case 't': text.Append('\t'); return true;
            case 'u' when Hex4() is { } unit: text.Append((char)unit); return true;
            default: Fail("An unknown escape."); return false;
        }
    }

    private int? Hex4()
    {
        if (_at + 4 > _data.Length) return null;
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var b = _data[_at + i];
            var digit = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b is >= (byte)'a' and <= (byte)'f' ? b - 'a' + 10 : b is >= (byte)'A' and <= (byte)'F' ? b - 'A' + 10 : -1;
            if (digit < 0) return null;
            value = (value << 4) | digit;
        }

        _at += 4;
        return value;
    }

    private string? Wellformed(string text)
    {
        if (UnicodeRules.IsWellFormed(text)) return text;
        Fail("An escaped half of a surrogate pair stands alone.");
        return null;
    }

    private JsonNode? Number()
    {
        var start = _at;
        Take('-');
        if (!Take('0') && !Digits()) return Fail("A value is expected.", start);
        if (Take('.') && !Digits()) return Fail("A digit is expected after the point.");
        if (Take('e') || Take('E'))
        {
            if (!Take('+')) Take('-');
            if (!Digits()) return Fail("A digit is expected in the exponent.");
        }

        return _at - start > 40
            ? Fail("A number has more than 40 characters.", start)
            : new JsonNode(JsonKind.Number, Encoding.ASCII.GetString(_data, start, _at - start));
    }

    private bool Digits()
    {
        var start = _at;
        while (_at < _data.Length && _data[_at] is >= (byte)'0' and <= (byte)'9') _at++;
        return _at > start;
    }

    private JsonNode? Word(string word, JsonKind kind)
    {
        foreach (var c in word)
            if (!Take(c))
                return Fail("A value is expected.");
        return new JsonNode(kind);
    }

    private bool Take(char c)
    {
        if (_at >= _data.Length || _data[_at] != c) return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _data.Length && (_data[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')) _at++;
    }

    private JsonNode? Fail(string problem, int? at = null)
    {
        _problem ??= problem;
        _problemAt = at ?? _at;
        return null;
    }
}
