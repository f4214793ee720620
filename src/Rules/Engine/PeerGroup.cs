using Seamless.Analytics.Evaluation;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

/// <summary>What the machines of one type at one site tell each other: for each compared quantity and part of time, the mean of each machine.</summary>
/// <remarks>
/// A part counts from half its length after its end, so that machines that report at their own pace are compared over the same time; what a machine tells only then is left out.
/// Both are decided by event time alone. What changes for a time that rows have passed is noted, and those rows are judged again.
/// </remarks>
/// <param name="partsKept">How many parts of a quantity are remembered.</param>
internal sealed class PeerGroup(int partsKept = 32)
{
    private readonly SortedDictionary<string, Quantity> _quantities = new(StringComparer.Ordinal);
    private readonly List<JudgedDevice> _devices = [];
    private long _newestMs = long.MinValue;
    private long _changedFromMs = long.MaxValue;

    /// <summary>Those that look at the group, in the order of their keys.</summary>
    public IReadOnlyList<JudgedDevice> Devices => _devices;

    /// <summary>Event time from which rows must be looked at again; null when there is none.</summary>
    public long? ChangedFromMs => _changedFromMs == long.MaxValue ? null : _changedFromMs;

    public void Add(JudgedDevice device)
    {
        var at = _devices.BinarySearch(device, JudgedDevice.ByKey);
        _devices.Insert(at < 0 ? ~at : at, device);
    }

    public void Remove(JudgedDevice device) => _devices.Remove(device);

    /// <summary>From when on a part counts.</summary>
    public static long CountsFromMs(long part, long lengthMs) => (part + 1) * lengthMs + lengthMs / 2;

    /// <summary>The newest part that counts at a time.</summary>
    public static long PartAt(long timestampMs, long lengthMs) => PartMean.Of(timestampMs - lengthMs / 2, lengthMs) - 1;

    /// <summary>A machine's mean of a part that is over.</summary>
    public void Tell(in DeviceKey device, string quantity, long lengthMs, in PartMean told)
    {
        var countsMs = CountsFromMs(told.Part, lengthMs);
        if (told.ClosedMs >= countsMs) return;
        if (!_quantities.TryGetValue(quantity, out var known)) _quantities[quantity] = known = new Quantity(partsKept);
        if (known.Tell(told.Part, device, told.Mean)) NoteChange(countsMs);
    }

    /// <summary>What a machine had told from a part on and would not tell now is taken back.</summary>
    /// <param name="told">What it tells now.</param>
    public void Retell(in DeviceKey device, string quantity, long lengthMs, long fromPart, int signal, IReadOnlyList<PartMean> told)
    {
        if (!_quantities.TryGetValue(quantity, out var known)) return;
        foreach (var part in known.ToldBy(device, fromPart).ToList())
            if (!told.Any(t => t.Signal == signal && t.Part == part && t.ClosedMs < CountsFromMs(part, lengthMs)) && known.Retract(part, device)) NoteChange(CountsFromMs(part, lengthMs));
    }

    private void NoteChange(long countsMs)
    {
        if (countsMs <= _newestMs) _changedFromMs = Math.Min(_changedFromMs, countsMs);
    }

    /// <summary>A row of that time has looked at the group.</summary>
    public void Passed(long timestampMs) => _newestMs = Math.Max(_newestMs, timestampMs);

    /// <summary>What was changed has been looked at.</summary>
    public void Settle() => _changedFromMs = long.MaxValue;

    /// <summary>What the signal is for a machine at a time; NaN while too few others are known.</summary>
    public double Of(in PeerSignal signal, in DeviceKey device, long timestampMs) =>
        _quantities.TryGetValue(signal.Quantity, out var quantity) ? quantity.Of(signal, device, PartAt(timestampMs, signal.LengthMs)) : double.NaN;

    /// <summary>Takes over what was told elsewhere.</summary>
    public void Take(PeerGroup other)
    {
        foreach (var (name, quantity) in other._quantities)
        {
            if (!_quantities.TryGetValue(name, out var own)) _quantities[name] = own = new Quantity(partsKept);
            own.Take(quantity);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_newestMs);
        writer.Write(_quantities.Count);
        foreach (var (name, quantity) in _quantities)
        {
            writer.Write(name);
            quantity.Write(writer);
        }
    }

    public void Read(BinaryReader reader)
    {
        _newestMs = reader.ReadInt64();
        for (var count = reader.ReadInt32(); count > 0; count--) (_quantities[reader.ReadString()] = new Quantity(partsKept)).Read(reader);
    }

    /// <summary>One quantity, part by part.</summary>
    private sealed class Quantity(int partsKept)
    {
        private readonly SortedDictionary<long, Part> _parts = [];

        /// <returns>Whether that is news.</returns>
        public bool Tell(long number, in DeviceKey device, double mean)
        {
            if (!_parts.TryGetValue(number, out var part))
            {
                if (_parts.Count >= partsKept && number < _parts.First().Key) return false;
                _parts[number] = part = new Part();
                if (_parts.Count > partsKept) _parts.Remove(_parts.First().Key);
            }
            return part.Tell(device, mean);
        }

        public IEnumerable<long> ToldBy(DeviceKey device, long fromPart) => _parts.Where(part => part.Key >= fromPart && part.Value.Has(device)).Select(part => part.Key);

        public bool Retract(long number, in DeviceKey device) => _parts[number].Retract(device);

        public void Take(Quantity other)
        {
            foreach (var (number, part) in other._parts)
            {
                if (!_parts.TryGetValue(number, out var own)) _parts[number] = own = new Part();
                own.Take(part);
            }
        }

        public double Of(in PeerSignal signal, in DeviceKey device, long number)
        {
            if (!_parts.TryGetValue(number, out var part)) return double.NaN;
            var others = part.Others(device);
            if (others.Count < signal.Least) return double.NaN;
            return signal.IsSpread ? others.Spread() : others.Median();
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write(_parts.Count);
            foreach (var (number, part) in _parts)
            {
                writer.Write(number);
                part.Write(writer);
            }
        }

        public void Read(BinaryReader reader)
        {
            for (var count = reader.ReadInt32(); count > 0; count--) (_parts[reader.ReadInt64()] = new Part()).Read(reader);
        }
    }

    /// <summary>The means of the machines over one part of time.</summary>
    private sealed class Part
    {
        private readonly SortedDictionary<DeviceKey, double> _means = [];
        private double[]? _ranked;

        public bool Tell(in DeviceKey device, double mean)
        {
            if (_means.TryGetValue(device, out var known) && known.Equals(mean)) return false;
            _means[device] = mean;
            _ranked = null;
            return true;
        }

        public bool Has(in DeviceKey device) => _means.ContainsKey(device);

        public bool Retract(in DeviceKey device)
        {
            _ranked = null;
            return _means.Remove(device);
        }

        public RankedOthers Others(in DeviceKey device)
        {
            var ranked = _ranked ?? Rank();
            return new RankedOthers(ranked, _means.TryGetValue(device, out var own) ? Array.BinarySearch(ranked, own) : ranked.Length);
        }

        private double[] Rank()
        {
            double[] ranked = [.. _means.Values];
            Array.Sort(ranked);
            return _ranked = ranked;
        }

        public void Take(Part other)
        {
            foreach (var (device, mean) in other._means) Tell(device, mean);
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write(_means.Count);
            foreach (var (device, mean) in _means)
            {
                writer.Write(device.Tenant);
                writer.Write(device.Device);
                writer.Write(mean);
            }
        }

        public void Read(BinaryReader reader)
        {
            for (var count = reader.ReadInt32(); count > 0; count--) _means[new DeviceKey(reader.ReadString(), reader.ReadString())] = reader.ReadDouble();
        }
    }
}
