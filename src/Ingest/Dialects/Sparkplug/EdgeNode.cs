using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>What we know of one edge node: its session, its metrics and those of its devices. Pure: it sends nothing and stores nothing. Any number of threads.</summary>
/// <remarks>
/// Nothing of it outlives the process: after a restart every node connects anew and is born anew, and one that does not (it speaks through a bridge that
/// stayed connected) is asked to. Until then its data is kept in the dead letters.
/// </remarks>
internal sealed class EdgeNode
{
    public const string BirthDeathSequence = "bdSeq";
    private const string TemplateDefinitions = "_types_/";

    private readonly Lock _lock = new();
    private readonly SparkplugOptions _options;
    private readonly DecoderOptions _decoding;
    private readonly MetricScope _own;
    private readonly Dictionary<string, MetricScope> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, KnownMetric> _aliases = [];
    private readonly List<PendingCommand> _pending = [];
    private readonly List<Reading> _readings = [];
    private readonly SequenceWatch _sequence = new();
    private DevicePrincipal? _sender;
    private ulong? _bdSeq;
    private DateTimeOffset? _unbornSince;
    private DateTimeOffset _aliasesSince;
    private bool _needsRebirth;
    private int _metrics;

    public EdgeNode(DeviceKey key, SparkplugOptions options, DecoderOptions decoding)
    {
        (Key, _options, _decoding) = (key, options, decoding);
        _own = new MetricScope(key, null);
    }

    public DeviceKey Key { get; }
    public string Group { get; private set; } = "";
    public string Node { get; private set; } = "";
    public bool IsBorn => _own.IsBorn;

    /// <summary>Uses one message.</summary>
    /// <param name="device">The device that a D-message is about.</param>
    /// <param name="payload">Uncompressed.</param>
    public Taken Take(in SparkplugTopic topic, DeviceKey? device, ReadOnlySpan<byte> payload, InboundMessage message, DevicePrincipal sender)
    {
        var taken = new Taken(message.ReceivedAt.ToUnixTimeMilliseconds());
        if (!SparkplugPayload.TryRead(payload, out var read, out var fault))
        {
            taken.Refuse(fault!);
            return taken;
        }
        lock (_lock)
        {
            if (message.IsReplay) Again(topic, device, read, message, taken);
            else Live(topic, device, read, message, sender, taken);
        }
        return taken;
    }

    /// <summary>Its connection is gone. A node is not asked whether it means that: what it said is what it said last.</summary>
    public Taken? ConnectionEnded(DevicePrincipal connection, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(connection, _sender)) return null;   // an earlier connection: the node is back already
            _unbornSince = null;
            if (!_own.IsBorn) return null;
            var taken = new Taken(at.ToUnixTimeMilliseconds());
            End(taken, "connection lost");
            return taken;
        }
    }

    /// <summary>Whether a gap has stayed open for longer than late messages take.</summary>
    public bool IsGapOverdue(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_own.IsBorn || _sequence.GapSince is not { } since || now - since < _options.ReorderTimeout) return false;
            return _needsRebirth = true;
        }
    }

    // Commands

    /// <summary>What a write must carry; the reason when it cannot be done.</summary>
    public Outcome<OutgoingMetric> WriteOf(string? device, string metric, System.Text.Json.JsonElement value)
    {
        lock (_lock)
        {
            if (ScopeOf(device) is not { } scope) return Refusal.NotFound("it has not been born");
            if (!scope.Metrics.TryGetValue(metric, out var known)) return Refusal.NotFound($"it has no metric '{metric}'");
            return MetricWrite.From(known, value);
        }
    }

    /// <returns>True when the metric has that value already: a node that reports by exception would then say nothing.</returns>
    public bool Await(PendingCommand command, long nowMs)
    {
        lock (_lock)
        {
            _pending.RemoveAll(earlier => earlier.Id == command.Id || earlier.ExpiresAtMs <= nowMs);
            _pending.Add(command);
            return command.Metric is { } metric && ScopeWith(command.Device) is { } scope && scope.Metrics.TryGetValue(metric, out var known) && command.IsShownBy(known.Last);
        }
    }

    public void Forget(PendingCommand command)
    {
        lock (_lock) _pending.Remove(command);
    }

    public bool IsDeviceBorn(string? device)
    {
        lock (_lock) return _own.IsBorn && ScopeOf(device) is { IsBorn: true };
    }

    private MetricScope? ScopeOf(string? device) => device is null ? _own : _devices.GetValueOrDefault(device);
    private MetricScope? ScopeWith(DeviceKey key) => key == _own.Key ? _own : _devices.Values.FirstOrDefault(scope => scope.Key == key);

    // Messages as they come

    private void Live(in SparkplugTopic topic, DeviceKey? device, in SparkplugPayload payload, InboundMessage message, DevicePrincipal sender, Taken taken)
    {
        if (topic.Kind is SparkplugKind.NBirth)
        {
            BirthOfNode(topic, payload, message, sender, taken);
            return;
        }
        if (!_own.IsBorn || topic.Group != Group || topic.Node != Node)
        {
            BeforeBirth(topic, message, sender, taken);
            return;
        }
        if (topic.Kind is SparkplugKind.NDeath)
        {
            DeathOfNode(payload, taken);
            return;
        }
        if (payload.Seq is <= byte.MaxValue and var seq) _sequence.Take((byte)seq, message.ReceivedAt);
        switch (topic.Kind)
        {
            case SparkplugKind.NData: Data(_own, payload, taken); break;
            case SparkplugKind.DBirth: BirthOfDevice(topic.Device!, device!.Value, payload, taken); break;
            case SparkplugKind.DDeath: DeathOfDevice(topic.Device!, payload, taken); break;
            case SparkplugKind.DData when _devices.TryGetValue(topic.Device!, out var scope) && scope.IsBorn: Data(scope, payload, taken); break;
            case SparkplugKind.DData:
                taken.Refuse(RejectReason.NoBirth, -1, null, $"device '{topic.Device}' of node '{Node}' has not been born");
                taken.RebirthReason = $"data of device '{topic.Device}' before its birth";
                break;
        }
        if (_needsRebirth) taken.RebirthReason ??= "a gap in the sequence numbers";
        else if (taken.RebirthReason is not null) _needsRebirth = true;
    }

    private void BeforeBirth(in SparkplugTopic topic, InboundMessage message, DevicePrincipal sender, Taken taken)
    {
        if (topic.Kind is SparkplugKind.NDeath or SparkplugKind.DDeath) return;   // nothing of it is alive here
        taken.Refuse(RejectReason.NoBirth, -1, null, $"node '{topic.Node}' of group '{topic.Group}' has not been born");
        if (_own.IsBorn) return;   // it lives under another name
        (Group, Node, _sender) = (topic.Group, topic.Node, sender);
        _unbornSince ??= message.ReceivedAt;
        taken.RebirthReason = "data before birth";
    }

    private void BirthOfNode(in SparkplugTopic topic, in SparkplugPayload payload, InboundMessage message, DevicePrincipal sender, Taken taken)
    {
        var bdSeq = BdSeqOf(payload);
        var isSameSession = _own.IsBorn && bdSeq == _bdSeq && ReferenceEquals(sender, _sender) && topic.Group == Group && topic.Node == Node;
        if (_own.IsBorn && !isSameSession) End(taken, "a new session began");
        if (!isSameSession) _aliasesSince = _unbornSince ?? message.ReceivedAt;
        _unbornSince = null;
        (Group, Node, _sender, _bdSeq, _needsRebirth) = (topic.Group, topic.Node, sender, bdSeq, false);
        _sequence.Begin((byte)(payload.Seq ?? 0));
        _aliases.Clear();   // also of devices: their births follow
        Introduce(_own, payload, taken);
        Announce(_own, true, taken, "NBIRTH");
        taken.IsBirthOfNode = true;
        foreach (var rebirth in _pending.Where(command => command.Metric is null)) taken.Fulfilled.Add(rebirth);
        _pending.RemoveAll(command => command.Metric is null);
    }

    private void BirthOfDevice(string name, DeviceKey key, in SparkplugPayload payload, Taken taken)
    {
        if (!_devices.TryGetValue(name, out var scope)) _devices[name] = scope = new MetricScope(key, name);
        Introduce(scope, payload, taken);
        Announce(scope, true, taken, "DBIRTH");
    }

    private void DeathOfNode(in SparkplugPayload payload, Taken taken)
    {
        // The Will of an earlier connection, come late: this session is alive.
        if (BdSeqOf(payload) is { } bdSeq && _bdSeq is { } current && bdSeq != current) return;
        End(taken, "NDEATH");
    }

    private void DeathOfDevice(string name, in SparkplugPayload payload, Taken taken)
    {
        if (!_devices.TryGetValue(name, out var scope) || !scope.IsBorn) return;
        var atMs = (long?)payload.Timestamp is { } said && TimestampFault(said, -1, null, taken.ArrivalMs) is null ? said : taken.ArrivalMs;
        End(scope, atMs, taken, "DDEATH");
    }

    /// <summary>What lay in the dead letters. Aliases of an earlier session may mean something else today: then the letter stays refused.</summary>
    private void Again(in SparkplugTopic topic, DeviceKey? device, in SparkplugPayload payload, InboundMessage message, Taken taken)
    {
        if (topic.Kind is SparkplugKind.NDeath or SparkplugKind.DDeath) return;
        var scope = topic.IsOfDevice ? _devices.GetValueOrDefault(topic.Device!) : _own;
        var isBirth = topic.Kind is SparkplugKind.NBirth or SparkplugKind.DBirth;
        if (!isBirth && (scope is not { IsBorn: true } || topic.Group != Group || topic.Node != Node))
        {
            taken.Refuse(RejectReason.NoBirth, -1, null, $"'{topic.Device ?? topic.Node}' has still not been born");
            return;
        }
        scope = isBirth ? new MetricScope(device ?? Key, topic.Device) : scope!;
        foreach (var metric in payload)
        {
            if (isBirth && Encoding.UTF8.GetString(metric.Name) is { Length: > 0 } named) Store(metric, new KnownMetric(named, metric.Type, null, scope), payload.Timestamp, taken, isBirth, isPast: true);
            else if (!isBirth && !metric.HasName && taken.ArrivalMs < _aliasesSince.ToUnixTimeMilliseconds()) taken.Refuse(RejectReason.NoBirth, metric.Position, null, $"alias {metric.Alias} belongs to an earlier session");
            else if (!isBirth && Find(scope, metric, taken) is { } known) Store(metric, known, payload.Timestamp, taken, isBirth, isPast: true);
        }
        taken.RebirthReason = null;
    }

    // Metrics

    /// <summary>Takes a birth: forgets what the scope was, learns what it is, stores what it says.</summary>
    private void Introduce(MetricScope scope, in SparkplugPayload payload, Taken taken)
    {
        foreach (var known in scope.Metrics.Values)
            if (known.Alias is { } alias && _aliases.TryGetValue(alias, out var holder) && ReferenceEquals(holder, known)) _aliases.Remove(alias);
        _metrics -= scope.Metrics.Count;
        scope.Metrics.Clear();
        foreach (var metric in payload)
            if (Introduce(scope, metric, taken) is { } known) Store(metric, known, payload.Timestamp, taken, isBirth: true, isPast: false);
    }

    private KnownMetric? Introduce(MetricScope scope, in SparkplugMetric metric, Taken taken)
    {
        var name = Encoding.UTF8.GetString(metric.Name);
        if (name.Length is 0 or > DeviceKey.MaxNameLength)
        {
            taken.Refuse(RejectReason.BadMetricName, metric.Position, name.Length == 0 ? null : name[..DeviceKey.MaxNameLength], $"a metric is born with a name of 1–{DeviceKey.MaxNameLength} characters");
            return null;
        }
        if (scope.Metrics.TryGetValue(name, out var twice)) return twice;
        if (_metrics >= _options.MaxMetricsPerNode)
        {
            taken.Refuse(RejectReason.TooLarge, metric.Position, name, $"a node has at most {_options.MaxMetricsPerNode} metrics");
            return null;
        }
        var alias = metric.Alias;
        if (alias is { } wanted && _aliases.TryGetValue(wanted, out var other))
        {
            taken.Refuse(RejectReason.WrongShape, metric.Position, name, $"alias {wanted} already stands for '{other.Name}'; this metric is known by its name alone");
            alias = null;
        }
        var known = new KnownMetric(name, metric.Type, alias, scope);
        scope.Metrics[name] = known;
        _metrics++;
        if (alias is { } free) _aliases[free] = known;
        return known;
    }

    private void Data(MetricScope scope, in SparkplugPayload payload, Taken taken)
    {
        foreach (var metric in payload)
            if (Find(scope, metric, taken) is { } known) Store(metric, known, payload.Timestamp, taken, isBirth: false, isPast: false);
    }

    private KnownMetric? Find(MetricScope scope, in SparkplugMetric metric, Taken taken)
    {
        if (!metric.HasName)
        {
            if (metric.Alias is { } alias && _aliases.TryGetValue(alias, out var aliased) && ReferenceEquals(aliased.Scope, scope)) return aliased;
            taken.Refuse(RejectReason.NoBirth, metric.Position, null, metric.Alias is { } unknown ? $"no birth says what alias {unknown} stands for" : "a metric with neither name nor alias");
            taken.RebirthReason ??= "an unknown alias";
            return null;
        }
        var name = Encoding.UTF8.GetString(metric.Name);
        if (scope.Metrics.TryGetValue(name, out var known)) return known;
        // The birth should have named it. With a type of its own it can be read all the same; the rebirth tells the rest.
        taken.RebirthReason ??= $"metric '{(name.Length > 64 ? name[..64] : name)}' is in no birth";
        if (metric.Type is not SparkplugType.Unknown) return Introduce(scope, metric, taken);
        taken.Refuse(RejectReason.NoBirth, metric.Position, name.Length > DeviceKey.MaxNameLength ? name[..DeviceKey.MaxNameLength] : name, "no birth names this metric, and it does not say its type");
        return null;
    }

    private void Store(in SparkplugMetric metric, KnownMetric known, ulong? payloadTimestamp, Taken taken, bool isBirth, bool isPast)
    {
        if (metric.IsTransient || known.IsControl) return;
        if (isBirth && (metric.IsNull || metric.Carrier is SparkplugCarrier.None)) return;   // it is there, it has no value yet
        if (isBirth && metric.Carrier is SparkplugCarrier.Template && known.Name.StartsWith(TemplateDefinitions, StringComparison.Ordinal)) return;   // a definition is no reading
        var atMs = (long)(metric.Timestamp ?? payloadTimestamp ?? (ulong)taken.ArrivalMs);
        if (TimestampFault(atMs, metric.Position, known.Name, taken.ArrivalMs) is { } wrongTime)
        {
            taken.Refuse(wrongTime);
            return;
        }
        _readings.Clear();
        var type = known.Type is SparkplugType.Unknown ? metric.Type : known.Type;
        if (SparkplugValues.Read(metric, known.Name, type, _decoding.MaxStateBytes, _readings) is { } refused)
        {
            taken.Refuse(refused);
            return;
        }
        foreach (var reading in _readings) taken.Add(known.Scope.Key, atMs, reading);
        if (!isPast && !metric.IsHistorical) Remember(known, atMs, taken);
    }

    private void Remember(KnownMetric known, long atMs, Taken taken)
    {
        known.Last = _readings.Count == 1 && known.Last.Length == 1 ? known.Last : new Reading[_readings.Count];
        _readings.CopyTo(known.Last);
        known.Scope.NewestMs = Math.Max(known.Scope.NewestMs, atMs);
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            var command = _pending[i];
            if (command.Metric != known.Name || command.Device != known.Scope.Key || !command.IsShownBy(known.Last)) continue;
            taken.Fulfilled.Add(command);
            _pending.RemoveAt(i);
        }
    }

    private Reject? TimestampFault(long atMs, int position, string? metric, long arrivalMs) => atMs switch
    {
        < DecoderOptions.EarliestMs => new Reject(RejectReason.TimestampTooOld, position, metric, $"timestamp {atMs} is before 2000-01-01; is it in milliseconds, is the clock set?"),
        _ when atMs - arrivalMs > _decoding.ClockTolerance.TotalMilliseconds =>
            new Reject(RejectReason.TimestampInFuture, position, metric, $"timestamp {atMs} is {(atMs - arrivalMs) / 1000} s ahead of the platform's clock"),
        _ => null,
    };

    private static ulong? BdSeqOf(in SparkplugPayload payload)
    {
        foreach (var metric in payload)
            if (metric.Name.SequenceEqual("bdSeq"u8)) return metric.Bits;
        return null;
    }

    // Births and deaths

    private void Announce(MetricScope scope, bool online, Taken taken, string why)
    {
        scope.IsBorn = online;
        var detail = $$"""{"status":"{{(online ? "online" : "offline")}}","reason":"sparkplug: {{why}}"}""";
        taken.States.Add(new DeviceState(scope.Key, taken.ArrivalMs, online, null, detail));
        if (online && _pending.Any(command => command.Device == scope.Key)) taken.Resend.Add(scope.Key);
    }

    private void End(Taken taken, string why)
    {
        foreach (var scope in _devices.Values) End(scope, taken.ArrivalMs, taken, why);
        End(_own, taken.ArrivalMs, taken, why);
        _aliases.Clear();
        (_unbornSince, _needsRebirth) = (null, false);
    }

    /// <summary>Stale: the last values, from now on uncertain (OPC UA: UncertainLastUsableValue).</summary>
    private static void End(MetricScope scope, long atMs, Taken taken, string why)
    {
        if (!scope.IsBorn) return;
        scope.IsBorn = false;
        if (atMs == scope.NewestMs) atMs++;   // the same instant would replace the good value by the stale one
        foreach (var metric in scope.Metrics.Values)
            foreach (var reading in metric.Last) taken.Add(scope.Key, atMs, reading with { Quality = Quality.Uncertain });
        var detail = $$"""{"status":"offline","reason":"sparkplug: {{why}}"}""";
        taken.States.Add(new DeviceState(scope.Key, taken.ArrivalMs, false, null, detail));
    }
}
