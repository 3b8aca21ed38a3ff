using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Server.Retirements;

/// <summary>A key that travels as one JSON string.</summary>
internal interface IKey<TSelf> where TSelf : struct, IKey<TSelf>, IParsable<TSelf>
{
    string Value { get; }
}

internal sealed class KeyJson<T> : JsonConverter<T> where T : struct, IKey<T>, IParsable<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);

    private static T Parse(string? text) => T.TryParse(text, null, out var key) ? key : throw new JsonException($"“{text}” is not a {typeof(T).Name}.");
}
