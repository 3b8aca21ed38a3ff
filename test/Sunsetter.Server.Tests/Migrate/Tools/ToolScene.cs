using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>A signed-off retirement of two customers, a directory for a real small executable, and the whole server.</summary>
internal sealed class ToolScene : IAsyncDisposable
{
    public static readonly CustomerKey Huaxin = new("huaxin"), Orbit = new("orbit");

    private readonly DirectoryInfo directory;

    private ToolScene(ServerUnderTest server, DirectoryInfo directory) => (Server, this.directory) = (server, directory);

    public ServerUnderTest Server { get; }
    public RetirementId Id { get; } = RetirementId.New();
    public FactLog Log => Server.Get<FactLog>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="script">The body of a shell script that is the allowed command <c>mover</c>; <c>$DIR</c> is a directory of its own.</param>
    public static async Task<ToolScene> On(Database database, string script = "exit 0")
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-tool-");
        var path = Path.Combine(directory.FullName, "mover");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nDIR={directory.FullName}\n{script}\n", Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var server = await ServerUnderTest.On(database, null, "--Webhooks:AllowPrivate=127.0.0.0/8", $"--Migration:Commands:mover={path}");
        var scene = new ToolScene(server, directory);
        EntryOpened Opened(string name) => new(Text.Same(name), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en");
        await scene.Log.Begin(scene.Id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new ReplacementSignedOff("Load test", null), new MigrationStarted())
            .And(Decision.Of(Huaxin, Opened("Huaxin Bank"))).And(Decision.Of(Orbit, Opened("Orbit Labs"))), Cancel);
        return scene;
    }

    public async Task<ToolScene> WithCommand(int timeoutSeconds = 60, params string[] arguments)
    {
        await Attach(new ToolGiven(null, "Room mover", MigrationToolKind.Command, "mover", arguments, timeoutSeconds, null, null));
        return this;
    }

    public async Task Attach(ToolGiven given) => Assert.Null((await Server.Get<ToolDesk>().Attach(Id, given, "dev@vendor.test", Cancel)).Refusal);

    public Task<Outcome<int>> Ask(bool dryRun, CustomerKey? customer = null, string? wave = null) =>
        Server.Get<ToolDesk>().Run(Id, new RunTool(Guid.CreateVersion7(), dryRun, new RunScope(customer, wave)), "yue@vendor.test", Cancel);

    /// <summary>Everything that is due runs to its end and stands in the ledger.</summary>
    public async Task RunDue()
    {
        var tools = Server.Get<RunTools>();
        await tools.Run(Server.Clock.GetUtcNow(), Cancel);
        await tools.Finished();
        await tools.Run(Server.Clock.GetUtcNow(), Cancel);
        await tools.Finished();
    }

    public async Task<MigrationRun> LastRun(CustomerKey customer) => (await Log.FindEntry(Id, customer, Cancel))!.Move.Runs[^1];

    public async Task<ToolRunRow> Row(CustomerKey customer) => (await Server.Get<ToolRuns>().Find((await LastRun(customer)).Id, Cancel))!;

    /// <summary>What the script left in its directory.</summary>
    public string[] Left(string file) => File.Exists(Path.Combine(directory.FullName, file)) ? File.ReadAllLines(Path.Combine(directory.FullName, file)) : [];

    /// <summary>Waits until the script has left a file, without a fixed sleep.</summary>
    public async Task Appears(string file)
    {
        using var watcher = new FileSystemWatcher(directory.FullName);
        var seen = new TaskCompletionSource();
        watcher.Created += (_, created) =>
        {
            if (created.Name == file)
                seen.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(Path.Combine(directory.FullName, file)))
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
