namespace Sunsetter.Server.Campaigns;

/// <summary>Durable sending of messages.</summary>
internal static class CampaignsRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
