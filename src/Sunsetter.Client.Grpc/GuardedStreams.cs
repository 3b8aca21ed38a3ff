using Grpc.Core;

namespace Sunsetter.Client.Grpc;

/// <summary>A client's stream whose every message is let in by the gate.</summary>
internal sealed class GuardedReader<T>(IAsyncStreamReader<T> inner, Action look) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await inner.MoveNext(cancellationToken)) return false;
        look();
        return true;
    }
}

/// <summary>A server's stream whose every message is let out by the gate.</summary>
internal sealed class GuardedWriter<T>(IServerStreamWriter<T> inner, Action look) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions { get => inner.WriteOptions; set => inner.WriteOptions = value; }

    public Task WriteAsync(T message)
    {
        look();
        return inner.WriteAsync(message);
    }

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        look();
        return inner.WriteAsync(message, cancellationToken);
    }
}
