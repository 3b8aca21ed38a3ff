using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sunsetter.Client.Notices;
using Sunsetter.Client.Outbox;
using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Tests;

public sealed class OutboxTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sunsetter-").FullName;

    [Fact]
    public void When_full_the_oldest_entry_gives_way()
    {
        using var telemetry = new ClientTelemetry(null);
        var shelf = new DiskShelf(_directory);
        var outbox = new Outbox.Outbox(shelf, limitBytes: 1_000, telemetry, NullLogger.Instance);
        var entries = Enumerable.Range(0, 5).Select(i => Entry(i, 300)).ToList();
        foreach (var entry in entries) outbox.Put(entry);
        Assert.Equal(entries.Skip(2).Select(entry => entry.Id), shelf.Waiting());
    }

    [Fact]
    public void What_is_put_on_disk_is_taken_back_whole()
    {
        var entry = Entry(1, 10) with { Body = Encoding.UTF8.GetBytes("line one\nline two\n空间") };
        new DiskShelf(_directory).Put(entry);
        var back = new DiskShelf(_directory).Take(entry.Id);
        Assert.NotNull(back);
        Assert.Equal((entry.Id, entry.Path), (back.Id, back.Path));
        Assert.Equal(entry.Body, back.Body);
    }

    [Fact]
    public void A_damaged_entry_is_removed_and_holds_up_nobody()
    {
        var shelf = new DiskShelf(_directory);
        var id = Guid.CreateVersion7();
        File.WriteAllText(Path.Combine(_directory, id + ".out"), "no end of line");
        Assert.Null(shelf.Take(id));
        Assert.Empty(shelf.Waiting());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void State_is_for_the_eyes_of_this_account_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var shelf = new DiskShelf(Path.Combine(_directory, "outbox"));
        var entry = Entry(1, 10);
        shelf.Put(entry);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "outbox", entry.Id + ".out")));
    }

    [Fact]
    public async Task An_entry_that_the_server_stumbles_over_is_kept_and_holds_up_nobody()
    {
        await using var server = new WireServer { StatusOf = path => path.Contains("/odd/", StringComparison.Ordinal) ? 500 : null };
        await server.StartAsync();
        await using var client = new SunsetterClient(Samples.Options(server, _directory));
        client.Mark("odd", NoticeMark.Seen, "huaxin", "li");
        client.Mark("even", NoticeMark.Seen, "huaxin", "li");

        Assert.False(await client.FlushAsync());
        Assert.Equal("/edge/v1/notices/even/seen", (await server.NextAsync("/even/")).Path);
        Assert.Single(new DiskShelf(Path.Combine(_directory, "outbox")).Waiting());
    }

    [Fact]
    public void What_cannot_be_written_whole_leaves_nothing_behind()
    {
        var taken = Path.Combine(_directory, "snapshot.json");
        Directory.CreateDirectory(Path.Combine(taken, "not-empty"));
        Assert.ThrowsAny<IOException>(() => PrivateFile.Write(taken, "{}"u8));
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_and_the_files_of_others_are_not()
    {
        var half = Path.Combine(_directory, $"snapshot.json.{Guid.CreateVersion7():N}.tmp");
        var foreign = Path.Combine(_directory, "foreign.tmp");
        foreach (var file in new[] { half, foreign })
        {
            File.WriteAllText(file, "half");
            File.SetLastWriteTimeUtc(file, Samples.Announced.UtcDateTime.AddHours(-2));
        }

        var options = new SunsetterOptions { StateDirectory = _directory };
        Assert.Equal(_directory, StateDirectory.Find(options, new FakeTimeProvider(Samples.Announced), NullLogger.Instance));
        Assert.Equal([foreign], Directory.GetFiles(_directory));
    }

    private static OutboxEntry Entry(int minute, int bytes) =>
        new(Guid.CreateVersion7(Samples.Announced.AddMinutes(minute)), "edge/v1/usage", new byte[bytes]);
}
