using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Stage 1: should this module go, and when can it go?</summary>
internal static class DecideRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Calendars>();
        services.AddSingleton<Policies>();
        services.AddSingleton<AffectedCustomers>();
        services.AddSingleton<FlaggedDependents>();
        services.AddSingleton<NoticeQuestions>();
        services.AddSingleton<Evidence>();
        services.AddSingleton<Decisions>();
        services.AddSingleton<DecideCases>();
        services.AddSingleton<Freezes>();
        services.AddSingleton<PolicyPreview>();
        services.AddSingleton<INeeds, DecideNeeds>();
        services.AddSingleton<IBlockers, DecideBlockers>();
        services.AddSingleton<IDueStep, OpenNewcomers>();
        services.AddSingleton<IDueStep, KeepEarliestCurrent>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        api.MapDecide();
        api.MapDates();
        api.MapPolicy();
        app.MapRecord();
    }
}
