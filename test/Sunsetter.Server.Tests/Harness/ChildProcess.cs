using System.Diagnostics;

namespace Sunsetter.Harness;

/// <summary>
/// A server that a test starts beside itself and that never outlives it: a shell holds the other end of a pipe, and when
/// this process ends — also by <c>kill -9</c> — the pipe closes, the shell stops the server and removes its directory.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process shell;

    private ChildProcess(Process shell) => this.shell = shell;

    /// <summary>Starts <paramref name="command"/>; <paramref name="signal"/> stops it and <paramref name="directory"/> goes with it.</summary>
    public static ChildProcess Start(string directory, string signal, params IEnumerable<string> command)
    {
        const string script = """
            directory=$1; signal=$2; shift 2
            "$@" >"$directory/output" 2>&1 &
            server=$!
            read -r _
            kill -s "$signal" "$server" 2>/dev/null
            wait "$server"
            rm -rf "$directory"
            """;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in (IEnumerable<string>)["-c", script, "sh", directory, signal, .. command])
            start.ArgumentList.Add(argument);
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end; throws with what it printed when it fails.</summary>
    public static async Task<string> RunAsync(CancellationToken cancel, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync(cancel);
        var complained = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? await printed
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await printed}{await complained}");
    }

    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }
}
