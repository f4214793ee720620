using Seamless.Analytics.Evaluation;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

internal sealed partial class FaultTimeline
{
    /// <summary>Everything that is needed to go on as if there had been no stop.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_entries.Count);
        foreach (var entry in _entries) Write(writer, entry);
        writer.Write(_copies.Count);
        foreach (var copy in _copies) Write(writer, copy);
        writer.Write(_told.Count);
        foreach (var (_, told) in _told.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            writer.Write(told.PlacedMs);
            writer.Write(told.Change.Ordinal);
            writer.Write((byte)told.Change.Kind);
            writer.Write(told.Change.At.ToUnixTimeMilliseconds());
            writer.Write(AlarmJson.Write(told.Change.Alarm));
        }
        foreach (var entry in _entries) StateFinding.Write(entry.Finding.State, writer);
    }

    /// <summary>Takes over what <see cref="Write(BinaryWriter)"/> wrote; begins anew when it speaks of devices or rules that are no more.</summary>
    public void Read(BinaryReader reader)
    {
        var byKey = Devices.ToDictionary(d => d.Key);
        var whole = true;
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            if (ReadEntry(reader, byKey) is { } entry) _entries.Add(entry);
            else whole = false;
        }
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            if (ReadCopy(reader, byKey) is { } copy) _copies.Add(copy);
            else whole = false;
        }
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (placedMs, ordinal, kind, at) = (reader.ReadInt64(), reader.ReadInt32(), (AlarmChangeKind)reader.ReadByte(), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
            var alarm = AlarmJson.Read<Alarm>(reader.ReadString());
            _told[alarm.Id] = new Told(new TelemetryChange(alarm.Id, ordinal, kind, at, alarm), placedMs);
        }
        if (!whole) Rebase();
        else if (reader.BaseStream.Position < reader.BaseStream.Length) ReadStates(reader);
    }

    /// <summary>At the end: a file of an earlier version has none.</summary>
    private void ReadStates(BinaryReader reader)
    {
        for (var i = 0; i < _entries.Count; i++)
            if (StateFinding.Read(reader) is { } state) _entries[i] = _entries[i] with { Finding = _entries[i].Finding with { State = state } };
    }

    private static void Write(BinaryWriter writer, in Entry entry)
    {
        var finding = entry.Finding;
        Write(writer, entry.Device.Key);
        writer.Write(finding.Rule.Meaning);
        writer.Write((byte)finding.Kind);
        writer.Write(finding.OnsetMs);
        writer.Write(finding.AtMs);
        writer.Write(finding.Value);
        writer.Write(finding.Limit ?? double.NaN);
        writer.Write(finding.Score ?? double.NaN);
        writer.Write((byte)finding.Severity);
        writer.Write(finding.Version ?? "");
        writer.Write(finding.Contributions.Count);
        foreach (var (metric, share) in finding.Contributions.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            writer.Write(metric);
            writer.Write(share);
        }
        Write(writer, finding.AtRest);
    }

    private static Entry? ReadEntry(BinaryReader reader, Dictionary<DeviceKey, JudgedDevice> byKey)
    {
        var device = byKey.GetValueOrDefault(ReadKey(reader));
        var meaning = reader.ReadString();
        var (kind, onsetMs, atMs, value) = ((VerdictKind)reader.ReadByte(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        var (limit, score, severity, version) = (reader.ReadDouble(), reader.ReadDouble(), (Severity)reader.ReadByte(), reader.ReadString());
        var contributions = new Dictionary<string, double>();
        for (var count = reader.ReadInt32(); count > 0; count--) contributions[reader.ReadString()] = reader.ReadDouble();
        var atRest = ReadSet(reader);
        if (device is null || Array.Find(device.Pack.Rules, r => r.Meaning == meaning) is not { } rule) return null;
        return new Entry(device, new Finding(
            rule, kind, onsetMs, atMs, value, double.IsNaN(limit) ? null : limit, double.IsNaN(score) ? null : score, version.Length == 0 ? null : version,
            contributions.Count == 0 ? Finding.NoContributions : contributions)
        {
            Severity = severity,
            AtRest = atRest,
        });
    }

    private static void Write(BinaryWriter writer, Copy copy)
    {
        writer.Write(copy.AtMs);
        writer.Write(copy.Entries);
        writer.Write(copy.Devices.Length);
        foreach (var (device, tracks, atRest) in copy.Devices)
        {
            Write(writer, device.Key);
            Write(writer, tracks);
            Write(writer, atRest);
        }
        Write(writer, copy.Site);
    }

    private static Copy? ReadCopy(BinaryReader reader, Dictionary<DeviceKey, JudgedDevice> byKey)
    {
        var (atMs, entries, whole) = (reader.ReadInt64(), reader.ReadInt32(), true);
        var devices = new List<(JudgedDevice, (Alarm, int)[], IReadOnlySet<string>)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var device = byKey.GetValueOrDefault(ReadKey(reader));
            var (tracks, atRest) = (ReadTracks(reader), ReadSet(reader));
            if (device is null) whole = false;
            else devices.Add((device, tracks, atRest));
        }
        var site = ReadTracks(reader);
        return whole ? new Copy(atMs, entries, [.. devices], site) : null;
    }

    private static void Write(BinaryWriter writer, (Alarm Alarm, int Ordinal)[] tracks)
    {
        writer.Write(tracks.Length);
        foreach (var (alarm, ordinal) in tracks)
        {
            writer.Write(ordinal);
            writer.Write(AlarmJson.Write(alarm));
        }
    }

    private static (Alarm, int)[] ReadTracks(BinaryReader reader)
    {
        var tracks = new (Alarm, int)[reader.ReadInt32()];
        for (var i = 0; i < tracks.Length; i++)
        {
            var ordinal = reader.ReadInt32();
            tracks[i] = (AlarmJson.Read<Alarm>(reader.ReadString()), ordinal);
        }
        return tracks;
    }

    private static void Write(BinaryWriter writer, in DeviceKey key)
    {
        writer.Write(key.Tenant);
        writer.Write(key.Device);
    }

    private static DeviceKey ReadKey(BinaryReader reader) => new(reader.ReadString(), reader.ReadString());

    private static void Write(BinaryWriter writer, IReadOnlySet<string> words)
    {
        writer.Write(words.Count);
        foreach (var word in words.Order(StringComparer.Ordinal)) writer.Write(word);
    }

    private static HashSet<string> ReadSet(BinaryReader reader)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var count = reader.ReadInt32(); count > 0; count--) words.Add(reader.ReadString());
        return words;
    }
}
