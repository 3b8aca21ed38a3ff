using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sunsetter.Client.Outbox;

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

    private static OutboxEntry Entry(int minute, int bytes) =>
        new(Guid.CreateVersion7(Samples.Announced.AddMinutes(minute)), "edge/v1/usage", new byte[bytes]);
}
