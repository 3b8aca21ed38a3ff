using System.Diagnostics;
using Sunsetter.Harness;

namespace Sunsetter.Journeys.Retiring;

/// <summary>The facts leave as one file, which the command line checks without the server; one changed byte shows.</summary>
internal sealed partial class Story
{
    public async Task ProveAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sunsetter-evidence-{Guid.CreateVersion7():N}");
        var evidence = await Carla.Client.GetByteArrayAsync($"{Api}/evidence", Cancel);
        await File.WriteAllBytesAsync(file, evidence, Cancel);
        var (code, said) = await VerifyAsync(file);
        Assert.True(code == 0, said);

        var at = evidence.AsSpan().IndexOf("secure any longer"u8);
        evidence[at] = (byte)'S';
        await File.WriteAllBytesAsync(file, evidence, Cancel);
        (code, said) = await VerifyAsync(file);
        Assert.NotEqual(0, code);
        Assert.Contains("1", said, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static async Task<(int Code, string Said)> VerifyAsync(string file)
    {
        var cli = Path.Combine(Repository.Root, "src", "Sunsetter.Cli", "bin", "Debug", "net10.0", "Sunsetter.Cli.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [cli, "evidence", "verify", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync(Cancel);
        var complained = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await said + await complained);
    }
}
