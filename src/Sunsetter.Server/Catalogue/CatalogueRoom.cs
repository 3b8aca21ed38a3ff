namespace Sunsetter.Server.Catalogue;

/// <summary>Modules, customers, contacts and their imports.</summary>
internal static class CatalogueRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<CatalogueNames>();
        services.AddSingleton<KeptCatalogue>();
        services.AddSingleton<Modules>();
        services.AddSingleton<Customers>();
        services.AddSingleton<Contacts>();
        services.AddSingleton<Imports>();
        services.AddSingleton<ImportRejects>();
        services.AddSingleton<UsageRecords>();
        services.AddSingleton<CustomerList>();
        services.AddSingleton<Uploads>();
        services.AddHostedService(provider => provider.GetRequiredService<Uploads>());
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        CatalogueApi.Map(api);
        ImportApi.Map(api);
        ImportUpload.Map(app);
    }
}
