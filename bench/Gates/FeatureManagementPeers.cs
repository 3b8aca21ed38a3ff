using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Sunsetter.Bench.Gates;

/// <summary>One way to say the rule with Microsoft.FeatureManagement and to ask for it.</summary>
internal sealed record Peer(string Name, Func<int, long> Ask);

/// <summary>
/// Customers are groups, as its documentation does with companies; half of the users of everybody else are closed. The library can say "some customers deviate" in three
/// ways, and be asked in two; each is here, because they differ by a factor of ten.
/// </summary>
internal static class FeatureManagementPeers
{
    private const string Feature = "rooms-legacy", Audience = $"FeatureManagement:{Feature}:EnabledFor:0:Parameters:Audience:";

    /// <param name="named">1,024 customers, every other of them deviates.</param>
    /// <param name="unnamed">1,024 customers of whom none deviates.</param>
    public static IEnumerable<Peer> Of(string[] deviating, string[] named, string[] unnamed, string[] users)
    {
        var rules = new (string Name, Dictionary<string, string?> Settings)[]
        {
            // The feature is "open". A deviating customer has a share of its own.
            ("FeatureManagement: feature on = open, each deviating customer a group with 50 %", Groups(deviating, "50")),
            // The feature is "open". A deviating customer is still open for everybody.
            ("FeatureManagement: feature on = open, each deviating customer a group with 100 %", Groups(deviating, "100")),
            // The feature is "closed", rolled out to half of the users; deviating customers are excluded from the rollout.
            ("FeatureManagement: feature on = closed, deviating customers excluded from the rollout", Exclusion(deviating)),
        };
        foreach (var (name, settings) in rules)
        {
            foreach (var ignoreCase in new[] { false, true })
            {
                var manager = Contextual(settings, ignoreCase);
                var how = ignoreCase ? ", ignoring case" : "";
                yield return new($"{name}{how}", n => Ask(manager, named, users, n));
                yield return new($"{name}{how}; asked by others", n => Ask(manager, unnamed, users, n));
            }

            var perRequest = Ambient(settings);
            yield return new($"{name}; as a web application asks (accessor, snapshot, scope per request)", n => perRequest.Ask(named, users, n));
        }
    }

    private static Dictionary<string, string?> Groups(string[] customers, string percentage)
    {
        var settings = Everybody();
        for (var i = 0; i < customers.Length; i++)
            (settings[$"{Audience}Groups:{i}:Name"], settings[$"{Audience}Groups:{i}:RolloutPercentage"]) = (customers[i], percentage);
        return settings;
    }

    private static Dictionary<string, string?> Exclusion(string[] customers)
    {
        var settings = Everybody();
        for (var i = 0; i < customers.Length; i++) settings[$"{Audience}Exclusion:Groups:{i}"] = customers[i];
        return settings;
    }

    private static Dictionary<string, string?> Everybody() => new() { [$"FeatureManagement:{Feature}:EnabledFor:0:Name"] = "Targeting", [$"{Audience}DefaultRolloutPercentage"] = "50" };

    private static ServiceCollection Services(Dictionary<string, string?> settings, bool ignoreCase)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.Configure<TargetingEvaluationOptions>(targeting => targeting.IgnoreCase = ignoreCase);
        return services;
    }

    private static IFeatureManager Contextual(Dictionary<string, string?> settings, bool ignoreCase)
    {
        var services = Services(settings, ignoreCase);
        services.AddFeatureManagement().AddFeatureFilter<ContextualTargetingFilter>();
        return services.BuildServiceProvider().GetRequiredService<IFeatureManager>();
    }

    private static long Ask(IFeatureManager manager, string[] customers, string[] users, int n)
    {
        long on = 0;
        for (var i = 0; i < n; i++)
            on += Done(manager.IsEnabledAsync(Feature, new TargetingContext { UserId = users[i & 1023], Groups = [customers[i & 1023]] }));
        return on;
    }

    private static int Done(Task<bool> asked) => (asked.IsCompletedSuccessfully ? asked.Result : asked.GetAwaiter().GetResult()) ? 1 : 0;

    private static WebApplicationLike Ambient(Dictionary<string, string?> settings)
    {
        var services = Services(settings, ignoreCase: false);
        services.AddFeatureManagement().WithTargeting<Visitor>();
        return new WebApplicationLike(services.BuildServiceProvider());
    }

    /// <summary>Asks once per request, from a scope of its own, and knows its visitor from an accessor.</summary>
    private sealed class WebApplicationLike(ServiceProvider services)
    {
        public long Ask(string[] customers, string[] users, int n)
        {
            long on = 0;
            for (var i = 0; i < n; i++)
            {
                Visitor.Now = new TargetingContext { UserId = users[i & 1023], Groups = [customers[i & 1023]] };
                using var request = services.CreateScope();
                on += Done(request.ServiceProvider.GetRequiredService<IFeatureManagerSnapshot>().IsEnabledAsync(Feature));
            }

            return on;
        }
    }

    private sealed class Visitor : ITargetingContextAccessor
    {
        public static TargetingContext Now = null!;

        public ValueTask<TargetingContext> GetContextAsync() => new(Now);
    }
}
