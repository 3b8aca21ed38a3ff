using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Server.Retirements;

/// <summary>A key that travels as one JSON string.</summary>
internal interface IKey<TSelf> where TSelf : struct, IKey<TSelf>
{
    string Value { get; }
    static abstract TSelf From(string value);
}

internal sealed class KeyJson<T> : JsonConverter<T> where T : struct, IKey<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        T.From(reader.GetString() ?? throw new JsonException("A key is a string."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => T.From(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);
}
