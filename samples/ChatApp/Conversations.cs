using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ChatApp;

/// <summary>What was said, per module and customer; in memory.</summary>
internal sealed class Conversations(TimeProvider time)
{
    private const int Kept = 200;
    private readonly ConcurrentDictionary<(string Module, string Customer), Conversation> _all = new();

    public Message Say(string module, string customer, string user, string text)
    {
        var message = new Message(user, text, time.GetUtcNow());
        Of(module, customer).Add(message);
        return message;
    }

    public int Count(string module, string customer) => Of(module, customer).Count;

    /// <summary>What has been said, then whatever is said from now on.</summary>
    public IAsyncEnumerable<Message> ListenAsync(string module, string customer, CancellationToken cancel) => Of(module, customer).ListenAsync(cancel);

    private Conversation Of(string module, string customer) => _all.GetOrAdd((module, customer), _ => new Conversation());

    private sealed class Conversation
    {
        private readonly Lock _lock = new();
        private readonly Queue<Message> _messages = new();
        private readonly HashSet<Channel<Message>> _listeners = [];

        public void Add(Message message)
        {
            lock (_lock)
            {
                if (_messages.Count == Kept) _messages.Dequeue();
                _messages.Enqueue(message);
                foreach (var listener in _listeners) listener.Writer.TryWrite(message);
            }
        }

        public int Count { get { lock (_lock) return _messages.Count; } }

        public async IAsyncEnumerable<Message> ListenAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            var channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
            Message[] past;
            // In one step, so that nothing said meanwhile is missed or told twice.
            lock (_lock)
            {
                past = [.. _messages];
                _listeners.Add(channel);
            }
            try
            {
                foreach (var message in past) yield return message;
                await foreach (var message in channel.Reader.ReadAllAsync(cancel)) yield return message;
            }
            finally
            {
                lock (_lock) _listeners.Remove(channel);
            }
        }
    }
}

internal sealed record Message(string User, string Text, DateTimeOffset At);
