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

    private readonly IPacks _packs;
    private readonly DeviceJudge _judge;
    private readonly FaultTracker _faults;
    private readonly Dictionary<string, CompiledPack> _compiled = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceKey, JudgedDevice?> _devices = [];
    private (bool Known, JudgedDevice? Device)[] _byNumber = [];
    private readonly Dictionary<(string Tenant, string Site), List<JudgedDevice>> _sites = [];
    private readonly List<Finding> _findings = [];

    /// <param name="closedAt">Alarm id → the ordinal at which a person closed it, or null.</param>
    public Judgement(IPacks packs, Func<CompiledRule, Learning.IScorer?> scorers, RulesOptions options, Func<string, int?> closedAt)
    {
        _packs = packs;
        _judge = new DeviceJudge(scorers);
        _faults = new FaultTracker(options.ReopenWindow, closedAt);
        SiteFaults = new SiteFaults(options.SiteWindow, options.ReopenWindow, closedAt);
    }

    public SiteFaults SiteFaults { get; }

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<JudgedDevice> Devices => _devices.Values.OfType<JudgedDevice>().OrderBy(d => d.Key);

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
        var pack = device is null ? null : Compiled(device.Type);
        if (old is not null && old.Pack == pack && old.Site == device!.Site) return old;
        if (old is not null) Dismiss(old);
        var admitted = pack is null ? null : new JudgedDevice(key, device!.Site, pack);
        if (old is not null) StateTransfer.Move(old, admitted, changes);
        Note(key, admitted);
        if (admitted is not null) Settle(admitted);
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

    public CompiledPack? Compiled(string type)
    {
        if ((_packs.Find(type) ?? _packs.Find(Generic)) is not { } pack) return null;
        if (_compiled.TryGetValue(pack.Type, out var compiled) && compiled.Pack == pack) return compiled;
        return _compiled[pack.Type] = new CompiledPack(pack);
    }

    public void Observe(Sample sample, List<TelemetryChange> changes)
    {
        if (Find(sample.Device) is not { } device) return;
        _judge.Observe(device, sample, _findings);
        Conclude(device, changes);
    }

    public void Observe(SampleRows rows, int row, List<TelemetryChange> changes)
    {
        if (_byNumber[rows.Devices[row]].Device is not { } device) return;
        _judge.Observe(device, rows, row, _findings);
        Conclude(device, changes);
    }

    public void Observe(DeviceEvent happened, List<TelemetryChange> changes)
    {
        if (Find(happened.Device) is not { } device) return;
        DeviceJudge.Observe(device, happened, _findings);
        Conclude(device, changes);
    }

    /// <param name="stepMs">Since the tick before; 0 when the platform was down between.</param>
    /// <param name="devices">Those of the tick's partition.</param>
    public void Tick(long stepMs, IReadOnlyList<JudgedDevice> devices, List<TelemetryChange> changes)
    {
        if (stepMs <= 0) return;
        foreach (var device in devices)
        {
            DeviceJudge.Tick(device, stepMs, _findings);
            Conclude(device, changes);
        }
    }

    private void Conclude(JudgedDevice device, List<TelemetryChange> changes)
    {
        if (_findings.Count == 0) return;
        _faults.Apply(device, _findings, changes);
        _findings.Clear();
        SiteFaults.Consider(device, _sites[(device.Key.Tenant, device.Site)], changes);
    }

    private void Settle(JudgedDevice device)
    {
        var key = (device.Key.Tenant, device.Site);
        if (!_sites.TryGetValue(key, out var neighbours)) _sites[key] = neighbours = [];
        var place = neighbours.BinarySearch(device, ByKey);
        neighbours.Insert(place < 0 ? ~place : place, device);
    }

    private void Dismiss(JudgedDevice device) => _sites[(device.Key.Tenant, device.Site)].Remove(device);

    private static readonly IComparer<JudgedDevice> ByKey = Comparer<JudgedDevice>.Create((a, b) => a.Key.CompareTo(b.Key));
}
