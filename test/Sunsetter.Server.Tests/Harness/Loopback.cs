using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sunsetter.Harness;

/// <summary>Ports on this machine for servers that a test starts.</summary>
internal static class Loopback
{
    /// <summary>A port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks again and again until <paramref name="ready"/> says yes; throws with <paramref name="what"/> after <paramref name="seconds"/>.</summary>
    public static async Task UntilAsync(string what, Func<CancellationToken, Task<bool>> ready, CancellationToken cancel, int seconds = 30)
    {
        var started = Stopwatch.StartNew();
        while (!await ready(cancel))
        {
            if (started.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Waited {seconds} s for {what}.");
            await Task.Delay(20, cancel);
        }
    }

    /// <summary>Whether something accepts connections on the port.</summary>
    public static async Task<bool> ListensAsync(int port, CancellationToken cancel)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
