namespace Sunsetter.Server.Platform;

/// <summary>Refuses words that are missing or longer than anybody would read.</summary>
internal static class Required
{
    /// <param name="field">Name of the field in a request.</param>
    /// <param name="what">What is asked for, as a person reads it: “a reason”, “原因”.</param>
    public static Refusal? Words(string? value, string field, Text what, int longest = 2000) =>
        string.IsNullOrWhiteSpace(value)
            ? new Refusal($"{field}.missing", $"Give {what.En}.", $"请填写{what.Zh}。") { Field = field }
            : Short(value, field, longest);

    public static Refusal? Short(string? value, string field, int longest = 2000) =>
        value?.Length > longest
            ? new Refusal($"{field}.too-long", $"This is too long: at most {longest} characters.", $"内容过长：最多 {longest} 个字符。") { Field = field }
            : null;
}
