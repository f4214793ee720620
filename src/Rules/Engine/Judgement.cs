using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>All judged devices and what follows from the records of the log: the alarms' changes. Pure of clock, disk and chance; one owner at a time.</summary>
internal sealed class Judgement
{
    /// <summary>The pack for devices of a type that has none.</summary>
    public const string Generic = "generic";

    private readonly Func<DeviceKey, string, EquipmentPack?> _packOf;
    private readonly DeviceJudge _judge;
    private readonly FaultTracker _faults;
    private readonly Dictionary<(string Type, string RulesVersion), CompiledPack> _compiled = [];
    private readonly Dictionary<DeviceKey, JudgedDevice?> _devices = [];
    private (bool Known, JudgedDevice? Device)[] _byNumber = [];
    private readonly Dictionary<(string Tenant, string Place), FaultTimeline> _places = [];
    private readonly List<FaultTimeline> _pending = [];
    private readonly Dictionary<(string Tenant, string Site, string Type), PeerGroup> _groups = [];
    private readonly List<Finding> _findings = [];
    private readonly RulesOptions _options;

    /// <param name="closedAt">Alarm id → the ordinal at which a person closed it, or null.</param>
    /// <param name="registered">The device as it is registered, for what lies above it; null where nothing does.</param>
    public Judgement(IPacks packs, Func<CompiledRule, Learning.IScorer?> scorers, RulesOptions options, Func<string, int?> closedAt, Func<DeviceKey, Device?>? registered = null)
        : this((_, type) => packs.Find(type) ?? packs.Find(Generic), scorers, options, closedAt, registered)
    {
    }

    /// <param name="packOf">Which pack judges a device of a type; null when none does.</param>
    /// <param name="closedAt">Alarm id → the ordinal at which a person closed it, or null.</param>
    public Judgement(Func<DeviceKey, string, EquipmentPack?> packOf, Func<CompiledRule, Learning.IScorer?> scorers, RulesOptions options, Func<string, int?> closedAt, Func<DeviceKey, Device?>? registered = null)
    {
        (_packOf, _options) = (packOf, options);
        _judge = new DeviceJudge(scorers);
        _faults = new FaultTracker(options.ReopenWindow, closedAt);
        SiteFaults = new SiteFaults(options, closedAt, key => Find(key), registered ?? (_ => null));
    }

    public SiteFaults SiteFaults { get; }

    public int LateRows => _options.LateRows;

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<JudgedDevice> Devices => _devices.Values.OfType<JudgedDevice>().OrderBy(d => d.Key);

    /// <summary>All that <see cref="Knows(in DeviceKey)"/>, also those that no pack judges.</summary>
    public IReadOnlyCollection<DeviceKey> Known => _devices.Keys;

    /// <summary>Whether it has been decided what to do with this device's records.</summary>
    public bool Knows(in DeviceKey key) => _devices.ContainsKey(key);

    /// <summary>The same for a device by its number among <see cref="Numbers"/>.</summary>
    public bool Knows(int number) => number < _byNumber.Length && _byNumber[number].Known;

    public JudgedDevice? Find(in DeviceKey key) => _devices.GetValueOrDefault(key);

    /// <summary>Judges the device from now on by the pack of its type; not at all when there is none, or when nobody knows the device.</summary>
    /// <param name="changes">Takes the end of alarms that nobody watches any more.</param>
    public JudgedDevice? Admit(in DeviceKey key, Device? device, List<TelemetryChange> changes)
    {
        var old = Find(key);
        var pack = device is null ? null : Compiled(key, device.Type);
        if (old is not null && old.Pack == pack && old.Site == device!.Site) return old;
        if (old is not null) Dismiss(old);
        var admitted = pack is null ? null : new JudgedDevice(key, device!.Site, pack, _options.LateRows);
        if (old is not null) StateTransfer.Move(old, admitted, changes);
        Note(key, admitted);
        if (admitted is not null) Settle(admitted).Rebase();
        return admitted;
    }

    /// <summary>Takes over a device as it was when the snapshot was written.</summary>
    public void Restore(JudgedDevice device)
    {
        Note(device.Key, device);
        Settle(device);
    }

    private void Note(in DeviceKey key, JudgedDevice? device)
    {
        _devices[key] = device;
        var number = Numbers.Devices.Of(key);
        if (number >= _byNumber.Length) Array.Resize(ref _byNumber, Math.Max(number + 1, _byNumber.Length * 2));
        _byNumber[number] = (true, device);
    }

    public CompiledPack? Compiled(DeviceKey key, string type)
    {
        if (_packOf(key, type) is not { } pack) return null;
        if (_compiled.TryGetValue((pack.Type, pack.RulesVersion), out var compiled) && compiled.Pack == pack) return compiled;
        return _compiled[(pack.Type, pack.RulesVersion)] = new CompiledPack(pack);
    }

    /// <summary>Samples that came too late to be judged in their order.</summary>
    public long TooLate => _judge.TooLate;

    /// <summary>Judges one sample and concludes at once.</summary>
    public void Observe(Sample sample, List<TelemetryChange> changes)
    {
        if (Find(sample.Device) is not { } device) return;
        Note(device, _judge.Observe(device, sample, _findings));
        Conclude(changes);
    }

    /// <summary>Judges a row; what follows from it is concluded by <see cref="Conclude"/>, so that a batch is put in order once.</summary>
    public void Observe(SampleRows rows, int row)
    {
        Foretell(rows, row);
        if (_byNumber[rows.Devices[row]].Device is not { } device) return;
        Note(device, _judge.Observe(device, rows, row, _findings));
    }

    /// <summary>Has the memory fetched for the rows to come while this one is judged.</summary>
    private void Foretell(SampleRows rows, int row)
    {
        var devices = rows.Devices;
        if (row + RowsToDevice < devices.Length && Judged(devices[row + RowsToDevice]) is { } far) JudgedDevice.Foretell(far);
        if (row + RowsToState < devices.Length && Judged(devices[row + RowsToState]) is { } near) near.Prefetch();
    }

    private const int RowsToDevice = 8;
    private const int RowsToState = 3;

    private JudgedDevice? Judged(int number) => number < _byNumber.Length ? _byNumber[number].Device : null;

    public void Observe(DeviceEvent happened)
    {
        if (Find(happened.Device) is not { } device) return;
        Note(device, _judge.Observe(device, happened, _findings));
    }

    /// <param name="stepMs">Since the tick before; 0 when the platform was down between.</param>
    /// <param name="devices">Those of the tick's partition.</param>
    public void Tick(long stepMs, IReadOnlyList<JudgedDevice> devices)
    {
        if (stepMs <= 0) return;
        foreach (var device in devices)
        {
            _judge.Tick(device, stepMs, _findings);
            Note(device, DeviceJudge.NothingVoid);
        }
    }

    private void Note(JudgedDevice device, long voidAfterMs)
    {
        if (_findings.Count == 0 && device.LastFindingMs <= voidAfterMs) return;   // nothing found, and nothing that could be void
        var place = _places[PlaceOf(device)];
        if (!place.HasPending) _pending.Add(place);
        place.Add(device, _findings, voidAfterMs);
        _findings.Clear();
    }

    /// <summary>Makes the alarms that follow from what was observed since the last time.</summary>
    public void Conclude(List<TelemetryChange> changes)
    {
        foreach (var group in _groups.Values)
            if (group.ChangedFromMs is { } fromMs) Reconsider(group, fromMs);
        foreach (var place in _pending) place.Conclude((long)_options.LateWindow.TotalMilliseconds, changes);
        _pending.Clear();
    }

    private void Reconsider(PeerGroup group, long fromMs)
    {
        foreach (var device in group.Devices) Note(device, _judge.Reconsider(device, fromMs, _findings));
        group.Settle();   // what they tell again is what they told
    }

    /// <summary>The machines of its type at its site; null when its rules look at none, or it stands nowhere.</summary>
    private PeerGroup? GroupOf(JudgedDevice device)
    {
        if (device.Pack.Peers.Length == 0 || device.Site.Length == 0) return null;
        var key = (device.Key.Tenant, device.Site, device.Pack.Pack.Type);
        if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = new PeerGroup();
        return group;
    }

    /// <summary>Where devices may have a fault in common: a site, or the device alone when it stands nowhere.</summary>
    private static (string, string) PlaceOf(JudgedDevice device) => (device.Key.Tenant, device.Site.Length > 0 ? device.Site : $"\0{device.Key.Device}");

    private FaultTimeline Settle(JudgedDevice device)
    {
        var key = PlaceOf(device);
        if (!_places.TryGetValue(key, out var place)) _places[key] = place = new FaultTimeline(_faults, SiteFaults, []);
        device.Peers = GroupOf(device);
        device.Peers?.Add(device);
        var at = place.Devices.BinarySearch(device, JudgedDevice.ByKey);
        place.Devices.Insert(at < 0 ? ~at : at, device);
        SiteFaults.Settle(device);
        return place;
    }

    /// <summary>What was found of late, place by place.</summary>
    public void WritePlaces(BinaryWriter writer)
    {
        var places = _places.Where(p => p.Value.Devices.Count > 0).OrderBy(p => p.Key).ToList();
        writer.Write(places.Count);
        foreach (var ((tenant, place), timeline) in places)
        {
            writer.Write(tenant);
            writer.Write(place);
            using var memory = new MemoryStream();
            using (var inner = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true)) timeline.Write(inner);
            writer.Write((int)memory.Length);
            writer.Write(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        }
    }

    public void ReadPlaces(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var key = (reader.ReadString(), reader.ReadString());
            using var memory = new BinaryReader(new MemoryStream(reader.ReadBytes(reader.ReadInt32())));
            if (_places.TryGetValue(key, out var place)) place.Read(memory);
        }
    }

    /// <summary>What machines told their peers.</summary>
    public void WriteGroups(BinaryWriter writer)
    {
        var groups = _groups.Where(g => g.Value.Devices.Count > 0).OrderBy(g => g.Key).ToList();
        writer.Write(groups.Count);
        foreach (var (key, group) in groups)
        {
            writer.Write(key.Tenant);
            writer.Write(key.Site);
            writer.Write(key.Type);
            group.Write(writer);
        }
    }

    public void ReadGroups(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var key = (reader.ReadString(), reader.ReadString(), reader.ReadString());
            if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = new PeerGroup();
            group.Read(reader);
        }
    }

    private void Dismiss(JudgedDevice device)
    {
        var place = _places[PlaceOf(device)];
        place.Devices.Remove(device);
        device.Peers?.Remove(device);
        SiteFaults.Dismiss(device);
        place.Rebase();
    }
}
