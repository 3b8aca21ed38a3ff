using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sunsetter.Client.Outbox;
using Sunsetter.Gates;

namespace Sunsetter.Client;

/// <summary>Traces and figures under the name <see cref="Name"/>. Tags come from closed sets: never a customer, a user or a message.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    public const string Name = "Sunsetter.Client";

    private readonly Meter _meter;
    private readonly Counter<long> _answers, _snapshots, _connections, _sent, _dropped;

    public ClientTelemetry(IMeterFactory? meters)
    {
        _meter = meters?.Create(Name) ?? new Meter(Name);
        _answers = _meter.CreateCounter<long>("sunsetter.client.uses", "{use}", "Uses answered, by state.");
        _snapshots = _meter.CreateCounter<long>("sunsetter.client.snapshots", "{snapshot}", "Snapshots and deltas received, by outcome.");
        _connections = _meter.CreateCounter<long>("sunsetter.client.connections", "{connection}", "Connections to the server, by kind and outcome.");
        _sent = _meter.CreateCounter<long>("sunsetter.client.outbox.sent", "{request}", "Requests taken from the outbox, by outcome.");
        _dropped = _meter.CreateCounter<long>("sunsetter.client.dropped", "{item}", "What could not be kept, by reason.");
    }

    public ActivitySource Traces { get; } = new(Name);

    /// <summary>One request to the server, until its answer begins.</summary>
    public Activity? Asks(HttpRequestMessage request) => Traces.StartActivity(NameOf(request.Method, request.RequestUri!.OriginalString), ActivityKind.Client);

    private static string NameOf(HttpMethod method, string path) => path switch
    {
        "edge/v1/gates/stream" => "sunsetter.stream",
        "edge/v1/gates" => "sunsetter.poll",
        "edge/v1/receipts" => "sunsetter.receipt",
        "edge/v1/usage" => "sunsetter.usage",
        _ => method == HttpMethod.Post ? "sunsetter.mark" : "sunsetter.notices",
    };

    public void Observe(Func<long> version, Func<double> clockOffsetSeconds)
    {
        _meter.CreateObservableGauge("sunsetter.client.snapshot.version", version, "{version}", "The snapshot version obeyed.");
        _meter.CreateObservableGauge("sunsetter.client.clock.offset", clockOffsetSeconds, "s", "How far the server's clock is ahead of this machine's.");
    }

    public void Answered(GateState state)
    {
        if (_answers.Enabled) _answers.Add(1, new KeyValuePair<string, object?>("state", state.ToString()));
    }

    public void Snapshot(string kind, string outcome) => _snapshots.Add(1, new("kind", kind), new("outcome", outcome));

    public void Connection(string kind, string outcome) => _connections.Add(1, new("kind", kind), new("outcome", outcome));

    public void Sent(SendKind outcome) => _sent.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose()
    {
        Traces.Dispose();
        _meter.Dispose();
    }
}
