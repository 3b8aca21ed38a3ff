using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>Durable sending of messages.</summary>
internal static class CampaignsRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Outbox>();
        services.AddSingleton<Claims>();
        services.AddSingleton<IKeptData, MessageData>();
        services.AddSingleton<IDueStep, SendDueMessages>();
        services.AddSingleton<IDueStep, ReportOutcomes>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
