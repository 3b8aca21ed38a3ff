using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sunsetter.Client;

/// <summary>Sets the client up in one line.</summary>
public static class SunsetterServices
{
    /// <summary>Registers one <see cref="SunsetterClient"/>, started with the host and flushed when it stops.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets at least <see cref="SunsetterOptions.Server"/> and <see cref="SunsetterOptions.Key"/>.</param>
    public static IServiceCollection AddSunsetter(this IServiceCollection services, Action<SunsetterOptions> configure)
    {
        services.AddOptions<SunsetterOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SunsetterOptions>, OptionsRules>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SunsetterOptions>>().Value;
            options.TimeProvider ??= provider.GetService<TimeProvider>();
            return new SunsetterClient(options, provider.GetService<ILoggerFactory>(), provider.GetService<IMeterFactory>());
        });
        services.AddHostedService<StartWithHost>();
        return services;
    }

    private sealed class OptionsRules : IValidateOptions<SunsetterOptions>
    {
        public ValidateOptionsResult Validate(string? name, SunsetterOptions options) =>
            options.Errors() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    /// <summary>Starts the client before the first request; the container disposes it, which flushes.</summary>
    private sealed class StartWithHost(SunsetterClient client, IOptions<SunsetterOptions> options) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            client.WaitForSnapshotAsync(options.Value.FirstSnapshotWait, cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            try { await client.FlushAsync(cancellationToken); }
            catch (OperationCanceledException) { /* the host has no more time; what is left is kept on disk */ }
        }
    }
}
