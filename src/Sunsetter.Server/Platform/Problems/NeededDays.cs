using System.Text.Json.Serialization.Metadata;

namespace Sunsetter.Server.Platform;

/// <summary>A day or an instant that the body of a request leaves out is missing; it is not the first of January of the year one.</summary>
internal static class NeededDays
{
    public static void Demand(JsonTypeInfo body)
    {
        foreach (var member in body.Properties)
            if ((member.PropertyType == typeof(DateOnly) || member.PropertyType == typeof(DateTimeOffset)) && member.AssociatedParameter is { HasDefaultValue: false })
                member.IsRequired = true;
    }
}
