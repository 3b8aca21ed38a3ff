using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Close;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>How far the demo is.</summary>
internal sealed record DemoProgress : ISettings
{
    static string ISettings.Name => "demo";

    /// <summary>The day on which the demo was made; everything in it is counted from there.</summary>
    public DateOnly? MadeOn { get; init; }

    public bool Finished { get; init; }
}

/// <summary>
/// Fills an empty workspace with the invented vendor Cloud Magpie when the server is started with <c>--demo</c>. Always the same, but for the day it is
/// counted from; a second start adds nothing, and real data is never mixed with it.
/// </summary>
internal sealed partial class DemoWorkspace(StartOptions start, IServiceProvider services, Settings settings, IDbContextFactory<SunsetterDb> databases, TimeProvider clock, ILogger<DemoWorkspace> log) : IPreparation
{
    public async Task Prepare(CancellationToken cancel)
    {
        if (!start.Demo)
            return;
        var progress = await settings.Get<DemoProgress>(cancel);
        if (progress.Finished)
            return;
        if (progress.MadeOn is null && await HasData(cancel))
        {
            System.Console.WriteLine($"  The workspace in {start.DataDirectory} holds data already; the demo is not mixed into it. Start it with another --data directory.");
            System.Console.WriteLine($"  {start.DataDirectory} 中已有数据，演示数据不会混入。请用另一个 --data 目录启动演示。");
            return;
        }

        var began = clock.GetTimestamp();
        var madeOn = progress.MadeOn ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await settings.Set(new DemoProgress { MadeOn = madeOn }, Actor.Clock.Id, cancel);
        System.Console.WriteLine("  Making the demo workspace: Cloud Magpie, an invented messaging vendor… / 正在生成演示环境：虚构厂商“云鹊通讯”……");
        var world = DemoWorld.On(madeOn);
        await services.GetRequiredService<Settings>().Set(world.Workspace(start.Address), Actor.Clock.Id, cancel);
        // Half a year instead of a year, so that the wall, long closed, shows a deletion and its certificate.
        await settings.Set(new RetentionRules { UsageDays = 180 }, Actor.Clock.Id, cancel);
        await services.GetRequiredService<Calendars>().Import(DemoHolidays.Known(madeOn), Actor.Clock.Id, cancel);
        await DemoPeople.Add(services.GetRequiredService<People>(), cancel);
        await DemoCatalogue.Add(world, databases, cancel);
        await DemoUsage.Add(world, services.GetRequiredService<Usage.UsageWriter>(), clock, cancel);
        await using (var past = await DemoPast.Open(start, cancel))
            await new DemoTelling(past, world, log).All(cancel);
        await settings.Set(new DemoProgress { MadeOn = madeOn, Finished = true }, Actor.Clock.Id, cancel);
        Made(world.Customers.Count, world.Customers.Sum(customer => customer.Users), clock.GetElapsedTime(began).TotalSeconds);
    }

    private async Task<bool> HasData(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Module>().AnyAsync(cancel) || await db.Set<Customer>().AnyAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo is ready: {Customers} customers, {Users} users, made in {Seconds:0.0} s.")]
    private partial void Made(int customers, int users, double seconds);
}
