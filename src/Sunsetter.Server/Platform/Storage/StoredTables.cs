using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>What a room stores; found by its type, so that the platform names no room.</summary>
internal interface IStoredTables
{
    static abstract void Configure(ModelBuilder model);

    static virtual void Configure(ModelConfigurationBuilder conventions)
    {
    }
}

internal static class StoredTables
{
    public static void Configure(ModelBuilder model) => Each(model);

    public static void Configure(ModelConfigurationBuilder conventions) => Each(conventions);

    private static void Each(object value)
    {
        var call = typeof(StoredTables).GetMethod(nameof(Call), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        foreach (var room in typeof(StoredTables).Assembly.GetTypes().Where(type => !type.IsInterface && type.IsAssignableTo(typeof(IStoredTables))).OrderBy(type => type.FullName, StringComparer.Ordinal))
            call.MakeGenericMethod(room).Invoke(null, [value]);
    }

    private static void Call<T>(object value) where T : IStoredTables
    {
        if (value is ModelBuilder model)
            T.Configure(model);
        else if (value is ModelConfigurationBuilder conventions)
            T.Configure(conventions);
    }
}
