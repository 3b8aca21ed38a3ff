using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>States and facts as they lie in the store.</summary>
internal static class States
{
    public static T Read<T>(string state) => JsonSerializer.Deserialize<T>(state, Json.Stored)!;

    public static string Write<T>(T state) => JsonSerializer.Serialize(state, Json.Stored);

    public static Recorded Recorded(FactRow row) => new(
        row.Retirement, row.Customer.Length == 0 ? null : new CustomerKey(row.Customer), row.Version, row.At, Actor.PersonOf(row.By), FactKinds.Read(row.Kind, row.Body))
    {
        Signed = row.By,
    };
}
