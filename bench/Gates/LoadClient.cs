using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sunsetter.Bench.Gates;

/// <summary>Many raw sockets that hold a stream open and only count bytes: .NET's own HttpClient costs more than the server it would measure.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Connection[] connections;
    private long lastArrival;
    private int waiting;
    private TaskCompletionSource all = new();
    private int expected;

    private LoadClient(Connection[] connections) => this.connections = connections;

    /// <param name="silent">How many of them never read.</param>
    public static async Task<LoadClient> Open(int port, string request, int count, int silent)
    {
        var bytes = Encoding.ASCII.GetBytes(request);
        var connections = new Connection[count];
        var client = new LoadClient(connections);
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var reads = i >= silent;
            if (!reads) socket.ReceiveBufferSize = 4096;
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(bytes);
            connections[i] = new Connection(client, socket);
            if (reads) connections[i].Start();
        }

        // Until everybody who reads has been greeted, and then until it is quiet.
        for (var waited = 0; connections.Any(c => c.Reads && !c.Ended && c.Head.Length == 0); waited++)
        {
            if (waited > 300) throw new InvalidOperationException($"{connections.Count(c => c.Reads && c.Head.Length == 0)} connections were not answered within 30 s.");
            await Task.Delay(100);
        }

        await Task.Delay(1_000);
        return client;
    }

    public int Alive => connections.Count(c => c.Reads && !c.Ended);

    public string FirstAnswer => connections[^1].Head;

    /// <summary>Begins to wait until every reading client has received that many bytes more.</summary>
    public Task Expect(int bytes)
    {
        all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting = connections.Count(c => c.Reads && !c.Ended);
        foreach (var connection in connections) connection.Begin();
        Volatile.Write(ref expected, bytes);
        return all.Task;
    }

    /// <summary>When the last client had everything, on the clock that all processes of a machine share.</summary>
    public long LastArrival => Volatile.Read(ref lastArrival);

    public void Dispose()
    {
        foreach (var connection in connections) connection.Dispose();
    }

    private void Arrived()
    {
        if (Interlocked.Decrement(ref waiting) != 0) return;
        Volatile.Write(ref lastArrival, Stopwatch.GetTimestamp());
        all.TrySetResult();
    }

    private sealed class Connection : IDisposable
    {
        private readonly LoadClient client;
        private readonly Socket socket;
        private readonly SocketAsyncEventArgs read = new();
        private int received;
        private bool counted = true;

        public Connection(LoadClient client, Socket socket)
        {
            (this.client, this.socket) = (client, socket);
            read.SetBuffer(new byte[2048], 0, 2048);
            read.Completed += (_, _) => Loop(handle: true);
        }

        public bool Reads { get; private set; }
        public bool Ended { get; private set; }
        public string Head { get; private set; } = "";


        public void Start()
        {
            Reads = true;
            Loop(handle: false);
        }

        public void Begin()
        {
            received = 0;
            counted = false;
        }

        public void Dispose()
        {
            socket.Dispose();
            read.Dispose();
        }

        private void Loop(bool handle)
        {
            try
            {
                do
                {
                    if (handle && !Handle()) return;
                    handle = true;
                }
                while (!socket.ReceiveAsync(read));
            }
            catch (ObjectDisposedException)
            {
                Ended = true;
            }
        }

        private bool Handle()
        {
            if (read.SocketError != SocketError.Success || read.BytesTransferred == 0)
            {
                Ended = true;
                if (!counted) client.Arrived();
                return false;
            }

            if (Head.Length == 0) Head = Encoding.ASCII.GetString(read.Buffer!, 0, Math.Min(200, read.BytesTransferred));
            received += read.BytesTransferred;
            if (!counted && received >= Volatile.Read(ref client.expected))
            {
                counted = true;
                client.Arrived();
            }

            return true;
        }
    }
}
