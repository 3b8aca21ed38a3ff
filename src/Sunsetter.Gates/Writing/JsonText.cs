using System.Globalization;
using System.Text;

namespace Sunsetter.Gates.Writing;

/// <summary>Writes JSON piece by piece; commas are its business, nesting the caller's.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new(1024);
    private bool _needsComma;

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    public JsonText Open(char bracket)
    {
        Comma();
        _text.Append(bracket);
        _needsComma = false;
        return this;
    }

    public JsonText Close(char bracket)
    {
        _text.Append(bracket);
        _needsComma = true;
        return this;
    }

    public JsonText Name(string name)
    {
        Comma();
        Quoted(name);
        _text.Append(':');
        _needsComma = false;
        return this;
    }

    public JsonText String(string? value)
    {
        Comma();
        if (value is null) _text.Append("null");
        else Quoted(value);
        return this;
    }

    public JsonText Literal(string value)
    {
        Comma();
        _text.Append(value);
        return this;
    }

    public JsonText Number(long value) => Literal(value.ToString(CultureInfo.InvariantCulture));

    public JsonText Instant(DateTimeOffset value) => String(WireInstant.Write(value.UtcTicks));

    private void Comma()
    {
        if (_needsComma) _text.Append(',');
        _needsComma = true;
    }

    private void Quoted(string value)
    {
        _text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') _text.Append('\\').Append(c);
            else if (c < 0x20 || c is '\u2028' or '\u2029') _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else _text.Append(c);
        }

        _text.Append('"');
    }
}
