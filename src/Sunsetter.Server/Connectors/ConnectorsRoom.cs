namespace Sunsetter.Server.Connectors;

/// <summary>One folder per outside system.</summary>
internal static class ConnectorsRoom
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
    }
}
