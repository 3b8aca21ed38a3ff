using Sunsetter.Server.Announce.InApp;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>Stage 2: everybody concerned knows.</summary>
internal static class AnnounceRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PublicAnnouncements>();
        services.AddSingleton<PortalLinks>();
        services.AddSingleton<NoticeDesks>();
        services.AddSingleton<ReleaseDesk>();
        services.AddSingleton<Posts>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<Posts>());
        services.AddSingleton<InAppNotices>();
        services.AddSingleton<AnnounceNeeds>();
        services.AddSingleton<INeeds>(provider => provider.GetRequiredService<AnnounceNeeds>());
        services.AddSingleton<IBlockers>(provider => provider.GetRequiredService<AnnounceNeeds>());
        services.AddScoped<ReachOfAll>();
        services.AddSingleton<FoundContacts>();
        services.AddSingleton<Looks>();
        services.AddSingleton<IDueStep, TellCustomers>();
        services.AddSingleton<IDueStep, RecordInAppReach>();
        services.AddSingleton<IOutcomes, RecordDelivery>();
        services.AddSingleton<IKeptData, InAppViewData>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        app.MapFeeds();
        api.MapAnnounce();
        NoticesEdge.Map(app);
    }
}
