using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;

namespace Seamless.Ingest.Hubs;

/// <summary>How we show who we are: the key itself inside TLS (SASL PLAIN), or a token that is signed with it and ends (claims-based security).</summary>
public enum EventHubLogin { Plain, Claims }

/// <summary>The Event Hubs-compatible endpoint over AMQP 1.0.</summary>
/// <param name="epoch">Of two readers of a partition the one with the higher epoch has it, and the other is turned away.</param>
internal sealed class EventHubReader(EventHubConnection events, EventHubLogin login, string consumerGroup, long epoch, int window, TimeProvider time) : IHubTelemetry
{
    private static readonly Symbol SelectorFilter = "apache.org:selector-filter:string";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken ct)
    {
        var connection = await ConnectAsync(ct);
        try
        {
            var answer = await RequestAsync(connection, "$management", new Message
            {
                ApplicationProperties = new ApplicationProperties { ["operation"] = "READ", ["name"] = events.Entity, ["type"] = "com.microsoft:eventhub" },
            }, ct);
            return answer.Body is Map map && map["partition_ids"] is string[] partitions ? partitions : throw new HubException($"{events}: the answer names no partitions");
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    public async IAsyncEnumerable<HubMessage> ReadAsync(string partition, string? afterOffset, [EnumeratorCancellation] CancellationToken ct)
    {
        var connection = await ConnectAsync(ct);
        var renewAt = time.GetUtcNow() + TokenLifetime / 2;
        try
        {
            var receiver = Attach(connection, partition, afterOffset);
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                var message = await ReceiveAsync(receiver, ct);
                if (login is EventHubLogin.Claims && time.GetUtcNow() >= renewAt)
                {
                    await PutTokenAsync(connection, ct);
                    renewAt = time.GetUtcNow() + TokenLifetime / 2;
                }
                if (message is null) continue;
                yield return Read(message);
                Accept(receiver, message);   // gives the hub one more credit: who reads slowly is sent slowly
            }
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    private ReceiverLink Attach(Connection connection, string partition, string? afterOffset)
    {
        var source = new Source
        {
            Address = $"{events.Entity}/ConsumerGroups/{consumerGroup}/Partitions/{partition}",
            FilterSet = new Map { [SelectorFilter] = new DescribedValue(SelectorFilter, $"amqp.annotation.x-opt-offset > '{afterOffset ?? "-1"}'") },
        };
        var attach = new Attach
        {
            Source = source, Target = new Target(), SndSettleMode = SenderSettleMode.Unsettled,
            Properties = new Fields { [new Symbol("com.microsoft:epoch")] = epoch },
        };
        var receiver = new ReceiverLink(new Session(connection), $"seamless-{partition}", attach, null);
        receiver.SetCredit(window);
        return receiver;
    }

    /// <summary>Null when nothing came for a while.</summary>
    private async Task<Message?> ReceiveAsync(ReceiverLink receiver, CancellationToken ct)
    {
        try
        {
            var message = await receiver.ReceiveAsync(Patience).WaitAsync(ct);
            if (message is null && receiver.IsClosed) throw new HubException($"{events}: {receiver.Error?.Condition} {receiver.Error?.Description}");
            return message;
        }
        catch (AmqpException e)
        {
            throw new HubException($"{events}: {e.Error?.Condition} {e.Message}", e);
        }
    }

    private void Accept(ReceiverLink receiver, Message message)
    {
        try
        {
            receiver.Accept(message);
        }
        catch (AmqpException e)
        {
            throw new HubException($"{events}: {e.Error?.Condition} {e.Message}", e);
        }
    }

    private static HubMessage Read(Message message)
    {
        var annotations = message.MessageAnnotations;
        T? Annotation<T>(string name) => annotations?[new Symbol(name)] is T value ? value : default;
        var body = message.BodySection is Data data ? data.Binary : [];
        var enqueued = Annotation<DateTime>("x-opt-enqueued-time");
        return new HubMessage(
            Annotation<string>("iothub-connection-device-id"), Annotation<string>("iothub-message-source"), body, message.Properties?.ContentType?.ToString(),
            Annotation<string>("x-opt-offset") ?? "-1", Annotation<long>("x-opt-sequence-number"),
            enqueued == default ? default : new DateTimeOffset(DateTime.SpecifyKind(enqueued, DateTimeKind.Utc)));
    }

    // The connection

    private async Task<Connection> ConnectAsync(CancellationToken ct)
    {
        var factory = new ConnectionFactory();
        var plain = login is EventHubLogin.Plain;
        if (!plain) factory.SASL.Profile = SaslProfile.Anonymous;
        Connection connection;
        try
        {
            connection = await factory.CreateAsync(new Address(events.Host, events.Port, plain ? events.Policy : null, plain ? events.Key : null, "/", events.IsSecure ? "amqps" : "amqp")).WaitAsync(Patience, time, ct);
        }
        catch (Exception e) when (e is AmqpException or System.Net.Sockets.SocketException or TimeoutException or System.Security.Authentication.AuthenticationException)
        {
            throw new HubException($"{events}: {e.Message}", e);
        }
        if (!plain) await PutTokenAsync(connection, ct);
        return connection;
    }

    private async Task PutTokenAsync(Connection connection, CancellationToken ct)
    {
        await RequestAsync(connection, "$cbs", new Message(SasToken.ForEventHub(events, time.GetUtcNow() + TokenLifetime))
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["operation"] = "put-token", ["type"] = "servicebus.windows.net:sastoken", ["name"] = $"amqp://{events.Host}/{events.Entity}",
            },
        }, ct);
    }

    /// <summary>A question and its answer at one of the node's own addresses; thrown when the answer is not a 2xx.</summary>
    private async Task<Message> RequestAsync(Connection connection, string node, Message request, CancellationToken ct)
    {
        var session = new Session(connection);
        var replyTo = $"{node.TrimStart('$')}-{Guid.CreateVersion7():N}";
        var receiver = new ReceiverLink(session, $"r-{replyTo}", new Attach { Source = new Source { Address = node }, Target = new Target { Address = replyTo } }, null);
        var sender = new SenderLink(session, $"s-{replyTo}", node);
        request.Properties = new Properties { MessageId = replyTo, ReplyTo = replyTo };
        try
        {
            receiver.SetCredit(1);
            await sender.SendAsync(request, Patience).WaitAsync(ct);
            var answer = await receiver.ReceiveAsync(Patience).WaitAsync(ct) ?? throw new HubException($"{events}: no answer from {node}");
            receiver.Accept(answer);
            var status = answer.ApplicationProperties?["status-code"] as int? ?? 0;
            if (status is < 200 or > 299) throw new HubException($"{events}: {node} says {status} {answer.ApplicationProperties?["status-description"]}");
            return answer;
        }
        catch (Exception e) when (e is AmqpException or TimeoutException)
        {
            throw new HubException($"{events}: {node}: {e.Message}", e);
        }
        finally
        {
            await session.CloseAsync(Patience, null).WaitAsync(Patience, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CloseAsync(Connection connection) =>
        await connection.CloseAsync(TimeSpan.FromSeconds(5), null).WaitAsync(Patience, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
