using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Seamless.Ingest.Tests.Hubs;

/// <summary>A test double of the Event Hubs-compatible endpoint, true to its documentation: partitions on <c>$management</c>, tokens on <c>$cbs</c>, offsets as filters, epochs.</summary>
internal sealed partial class EventHubDouble : ILinkProcessor, IDisposable
{
    public const string Policy = "service";
    public const string Key = "c2VjcmV0IG9mIHRoZSBodWI=";
    public const string Entity = "plant-hub";

    private readonly ContainerHost _host;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Message>> _partitions;
    private readonly Dictionary<string, (ListenerLink Link, long Epoch)> _readers = [];
    private readonly SemaphoreSlim _changed = new(0);

    public EventHubDouble(int partitions, bool plain = true)
    {
        _partitions = Enumerable.Range(0, partitions).ToDictionary(p => $"{p}", _ => new List<Message>());
        Port = FreePort();
        _host = new ContainerHost([new Address("127.0.0.1", Port, null, null, "/", "amqp")]);
        if (plain) _host.Listeners[0].SASL.EnablePlainMechanism(Policy, Key);
        else _host.Listeners[0].SASL.EnableAnonymousMechanism = true;
        _host.RegisterRequestProcessor("$management", new Processor(Describe));
        _host.RegisterRequestProcessor("$cbs", new Processor(TakeToken));
        _host.RegisterLinkProcessor(this);
        _host.Open();
        IsOpenToAll = plain;
    }

    public int Port { get; }

    public string ConnectionString => $"Endpoint=amqp://127.0.0.1:{Port}/;SharedAccessKeyName={Policy};SharedAccessKey={Key};EntityPath={Entity}";

    /// <summary>Filters that readers came with, in order.</summary>
    public List<(string Partition, string Filter)> Attached { get; } = [];

    /// <summary>Whether nobody has to show a token.</summary>
    public bool IsOpenToAll { get; private set; }

    public int Delivered;

    public void Send(string partition, string? device, string body, string? source = "Telemetry", DateTime? at = null)
    {
        lock (_lock)
        {
            var messages = _partitions[partition];
            var annotations = new MessageAnnotations
            {
                [new Symbol("x-opt-sequence-number")] = (long)messages.Count,
                [new Symbol("x-opt-offset")] = $"{messages.Count * 100}",
                [new Symbol("x-opt-enqueued-time")] = at ?? DateTime.UnixEpoch.AddMilliseconds(1_764_000_000_000),
            };
            if (device is not null) annotations[new Symbol("iothub-connection-device-id")] = device;
            if (source is not null) annotations[new Symbol("iothub-message-source")] = source;
            messages.Add(new Message { BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) }, MessageAnnotations = annotations, Properties = new Properties { ContentType = "application/json" } });
        }
        _changed.Release();
    }

    /// <summary>Ends every reader's link, as the service does when it moves a partition.</summary>
    public void DetachAll()
    {
        (ListenerLink Link, long Epoch)[] readers;
        lock (_lock)
        {
            readers = [.. _readers.Values];
            _readers.Clear();
        }
        foreach (var reader in readers) reader.Link.Close(TimeSpan.Zero, new Error(ErrorCode.DetachForced) { Description = "the partition moves" });
    }

    public void Process(AttachContext attachContext)
    {
        if (attachContext.Attach.Source is not Source source || Partition().Match(source.Address ?? "") is not { Success: true } address || !_partitions.ContainsKey(address.Groups[1].Value))
        {
            attachContext.Complete(new Error(ErrorCode.NotFound) { Description = "no such partition" });
            return;
        }
        if (!IsOpenToAll)
        {
            attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess) { Description = "no token" });
            return;
        }
        var partition = address.Groups[1].Value;
        var filter = (string)((DescribedValue)source.FilterSet[new Symbol("apache.org:selector-filter:string")]).Value;
        var after = long.Parse(Offset().Match(filter).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var epoch = attachContext.Attach.Properties[new Symbol("com.microsoft:epoch")] is long given ? given : 0;
        lock (_lock)
        {
            Attached.Add((partition, filter));
            if (_readers.TryGetValue(partition, out var reader) && !reader.Link.IsClosed)
            {
                if (reader.Epoch > epoch)
                {
                    attachContext.Complete(new Error(ErrorCode.Stolen) { Description = "a reader with a higher epoch is connected" });
                    return;
                }
                reader.Link.Close(TimeSpan.Zero, new Error(ErrorCode.Stolen) { Description = "a reader with a higher epoch has come" });
            }
            _readers[partition] = (attachContext.Link, epoch);
        }
        attachContext.Complete(new SourceLinkEndpoint(new Messages(this, partition, after), attachContext.Link), 0);
    }

    private (Message Message, long Offset)? After(string partition, long offset)
    {
        lock (_lock)
        {
            var next = offset < 0 ? 0 : (int)(offset / 100) + 1;
            if (next >= _partitions[partition].Count) return null;
            // Each delivery encodes a message of its own.
            var kept = _partitions[partition][next];
            var message = new Message { BodySection = new Data { Binary = ((Data)kept.BodySection).Binary }, MessageAnnotations = new MessageAnnotations(), Properties = new Properties { ContentType = "application/json" } };
            foreach (var annotation in kept.MessageAnnotations.Map) message.MessageAnnotations.Map[annotation.Key] = annotation.Value;
            return (message, next * 100L);
        }
    }

    private Message Describe(Message request)
    {
        if (!IsOpenToAll) return Status(401, "no token");
        var asked = request.ApplicationProperties;
        if ((string?)asked["operation"] != "READ" || (string?)asked["name"] != Entity || (string?)asked["type"] != "com.microsoft:eventhub") return Status(404, "no such entity");
        var answer = Status(200, "OK");
        answer.BodySection = new AmqpValue { Value = new Map { ["name"] = Entity, ["partition_count"] = _partitions.Count, ["partition_ids"] = _partitions.Keys.Order().ToArray() } };
        return answer;
    }

    /// <summary>Checks the signature as the service does: the key's letters are the secret.</summary>
    private Message TakeToken(Message request)
    {
        var asked = request.ApplicationProperties;
        if ((string?)asked["operation"] != "put-token" || (string?)asked["type"] != "servicebus.windows.net:sastoken" || (string?)asked["name"] != $"amqp://127.0.0.1/{Entity}") return Status(400, "not a token");
        var parts = ((string)request.Body)["SharedAccessSignature ".Length..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{parts["sr"]}\n{parts["se"]}")));
        if (WebUtility.UrlDecode(parts["sig"]) != expected || WebUtility.UrlDecode(parts["sr"]) != $"http://127.0.0.1/{Entity}") return Status(401, "wrong signature");
        IsOpenToAll = true;
        return Status(202, "Accepted");
    }

    private static Message Status(int code, string description) =>
        new() { ApplicationProperties = new ApplicationProperties { ["status-code"] = code, ["status-description"] = description } };

    private sealed class Processor(Func<Message, Message> answer) : IRequestProcessor
    {
        public int Credit => 10;
        public void Process(RequestContext requestContext) => requestContext.Complete(answer(requestContext.Message));
    }

    private sealed class Messages(EventHubDouble hub, string partition, long after) : IMessageSource
    {
        private long _after = after;

        public async Task<ReceiveContext> GetMessageAsync(ListenerLink link)
        {
            while (true)
            {
                if (link.IsClosed) return null!;
                if (hub.After(partition, _after) is { } next)
                {
                    _after = next.Offset;
                    Interlocked.Increment(ref hub.Delivered);
                    return new ReceiveContext(link, next.Message);
                }
                await hub._changed.WaitAsync(20);
            }
        }

        public void DisposeMessage(ReceiveContext receiveContext, DispositionContext dispositionContext) => dispositionContext.Complete();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _host.Close();
        _changed.Dispose();
    }

    [GeneratedRegex($@"^{Entity}/ConsumerGroups/\$Default/Partitions/(\d+)$")]
    private static partial Regex Partition();

    [GeneratedRegex(@"^amqp\.annotation\.x-opt-offset > '(-?\d+)'$")]
    private static partial Regex Offset();
}
