using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.SignalR;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.Tests;

/// <summary>What is said on one side and heard on the other.</summary>
public sealed class Words
{
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>(), _heard = Channel.CreateUnbounded<string>();

    public ChannelReader<string> Said => _said.Reader;

    public void Say(string word) => _said.Writer.TryWrite(word);

    public void Heard(string word) => _heard.Writer.TryWrite(word);

    public async Task<string> NextHeard() => await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken);
}

public sealed class StreamHub(Words words) : Hub
{
    public bool Ready() => true;

    [RequiresModule("rooms-legacy")]
    public string Say() => "said";

    [RequiresModule("rooms-legacy")]
    public IAsyncEnumerable<string> Items(CancellationToken cancel) => words.Said.ReadAllAsync(cancel);

    [RequiresModule("rooms-legacy")]
    public Task<IAsyncEnumerable<string>> Items2() => Task.FromResult(words.Said.ReadAllAsync());

    [RequiresModule("rooms-legacy")]
    public ChannelReader<string> Channel() => words.Said;

    [RequiresModule("rooms-legacy")]
    public async Task Hear(IAsyncEnumerable<string> said)
    {
        await foreach (var word in said) words.Heard(word);
    }

    [RequiresModule("rooms-legacy")]
    public async Task HearChannel(ChannelReader<string> said)
    {
        await foreach (var word in said.ReadAllAsync()) words.Heard(word);
    }
}

[RequiresModule("rooms-legacy")]
public sealed class PushHub : Hub
{
    public bool Ready() => true;
}

/// <summary>What the gRPC compiler would have made.</summary>
[BindServiceMethod(typeof(TalkBase), nameof(Bind))]
public abstract class TalkBase
{
    private static readonly Marshaller<string> Text = Marshallers.Create(System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);

    public static readonly Method<string, string> Listen = new(MethodType.ServerStreaming, "talk", nameof(OnListen), Text, Text);
    public static readonly Method<string, string> Tell = new(MethodType.ClientStreaming, "talk", nameof(OnTell), Text, Text);
    public static readonly Method<string, string> Talk = new(MethodType.DuplexStreaming, "talk", nameof(OnTalk), Text, Text);

    public static void Bind(ServiceBinderBase binder, TalkBase? service)
    {
        binder.AddMethod(Listen, service is null ? null! : new ServerStreamingServerMethod<string, string>(service.OnListen));
        binder.AddMethod(Tell, service is null ? null! : new ClientStreamingServerMethod<string, string>(service.OnTell));
        binder.AddMethod(Talk, service is null ? null! : new DuplexStreamingServerMethod<string, string>(service.OnTalk));
    }

    public abstract Task OnListen(string request, IServerStreamWriter<string> said, ServerCallContext context);

    public abstract Task<string> OnTell(IAsyncStreamReader<string> heard, ServerCallContext context);

    public abstract Task OnTalk(IAsyncStreamReader<string> heard, IServerStreamWriter<string> said, ServerCallContext context);
}

[RequiresModule("rooms-legacy")]
public sealed class TalkService(Words words) : TalkBase
{
    public override async Task OnListen(string request, IServerStreamWriter<string> said, ServerCallContext context)
    {
        await foreach (var word in words.Said.ReadAllAsync(context.CancellationToken)) await said.WriteAsync(word);
    }

    public override async Task<string> OnTell(IAsyncStreamReader<string> heard, ServerCallContext context)
    {
        while (await heard.MoveNext(context.CancellationToken)) words.Heard(heard.Current);
        return "";
    }

    public override async Task OnTalk(IAsyncStreamReader<string> heard, IServerStreamWriter<string> said, ServerCallContext context)
    {
        while (await heard.MoveNext(context.CancellationToken)) await said.WriteAsync(heard.Current, context.CancellationToken);
    }
}
