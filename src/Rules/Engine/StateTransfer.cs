using System.Text;
using Seamless.Analytics.Conditions;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

/// <summary>Carries a device's state over: into a file and back, or from one version of its pack to the next.</summary>
/// <remarks>Metrics go by name, rules by id and meaning: a rule that was changed starts anew, and what only it had seen ends.</remarks>
internal static class StateTransfer
{
    public static void Write(JudgedDevice device, BinaryWriter writer)
    {
        writer.Write(device.Key.Tenant);
        writer.Write(device.Key.Device);
        writer.Write(device.Site);
        writer.Write(device.Pack.Pack.Type);
        WriteBody(device, writer);
    }

    /// <param name="compiled">The pack in force for a type; null when it is gone.</param>
    /// <returns>The device, or null when its pack is gone.</returns>
    public static JudgedDevice? Read(BinaryReader reader, Func<string, CompiledPack?> compiled, List<TelemetryChange> changes)
    {
        var key = new DeviceKey(reader.ReadString(), reader.ReadString());
        var site = reader.ReadString();
        var pack = compiled(reader.ReadString());
        var device = pack is null ? null : new JudgedDevice(key, site, pack);
        ReadBody(device, reader, changes);
        return device;
    }

    /// <summary>From one to the next; with null, all that was active ends.</summary>
    public static void Move(JudgedDevice from, JudgedDevice? to, List<TelemetryChange> changes)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true)) WriteBody(from, writer);
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        ReadBody(to, reader, changes);
    }

    private static void WriteBody(JudgedDevice device, BinaryWriter writer)
    {
        writer.Write(device.NewestMs);
        writer.Write(device.Latest.Length);
        for (var i = 0; i < device.Latest.Length; i++)
        {
            writer.Write(device.Pack.Pack.Metrics[i].Name);
            writer.Write(device.Latest[i]);
            writer.Write(device.JudgedMs[i]);
        }
        writer.Write(device.Pack.Rules.Length);
        foreach (var rule in device.Pack.Rules)
        {
            writer.Write(rule.Meaning);
            writer.Write(device.Judged[rule.Index]);
            device.Conditions[rule.Index].Snapshot(writer);
            SilenceOf(device, rule).Snapshot(writer);
            WriteDetector(device, rule, writer);
        }
        writer.Write(device.Alarms.Count);
        foreach (var track in device.Alarms) WriteTrack(track, writer);
    }

    private static void ReadBody(JudgedDevice? device, BinaryReader reader, List<TelemetryChange> changes)
    {
        var newestMs = reader.ReadInt64();
        if (device is not null) device.NewestMs = newestMs;
        for (var count = reader.ReadInt32(); count > 0; count--) ReadMetric(device, reader);
        var meant = device?.Pack.Rules.ToDictionary(rule => rule.Meaning) ?? [];
        for (var count = reader.ReadInt32(); count > 0; count--) ReadRule(device, meant.GetValueOrDefault(reader.ReadString()), reader);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var track = ReadTrack(reader);
            device?.Alarms.Add(track);
            EndWhatIsNotSeen(device, track, newestMs, changes);
        }
    }

    public static void WriteTrack(AlarmTrack track, BinaryWriter writer)
    {
        writer.Write(track.Ordinal);
        writer.Write(AlarmJson.Write(track.Alarm));
    }

    public static AlarmTrack ReadTrack(BinaryReader reader)
    {
        var ordinal = reader.ReadInt32();
        return new AlarmTrack(AlarmJson.Read<Alarm>(reader.ReadString()), ordinal);
    }

    private static void ReadMetric(JudgedDevice? device, BinaryReader reader)
    {
        var (name, latest, judgedMs) = (reader.ReadString(), reader.ReadDouble(), reader.ReadInt64());
        var metric = device?.Pack.MetricIndex(name) ?? -1;
        if (metric < 0) return;
        device!.Latest[metric] = latest;
        device.JudgedMs[metric] = judgedMs;
    }

    private static void ReadRule(JudgedDevice? device, CompiledRule? rule, BinaryReader reader)
    {
        var (judged, condition, silence) = (reader.ReadBoolean(), ConditionState.Restore(reader), SilenceState.Restore(reader));
        var detector = reader.ReadBytes(reader.ReadInt32());
        if (device is null || rule is null) return;
        device.Judged[rule.Index] = judged;
        device.Conditions[rule.Index] = condition;
        if (rule.Missing is not null) device.Silences[Array.IndexOf(device.Pack.Missing, rule)] = silence;
        if (device.Detectors[rule.Index] is not { } watch || detector.Length == 0) return;
        using var memory = new BinaryReader(new MemoryStream(detector));
        watch.Restore(memory);
    }

    private static void WriteDetector(JudgedDevice device, CompiledRule rule, BinaryWriter writer)
    {
        if (device.Detectors[rule.Index] is not { } detector)
        {
            writer.Write(0);
            return;
        }
        using var memory = new MemoryStream();
        using (var inner = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true)) detector.Snapshot(inner);
        writer.Write((int)memory.Length);
        writer.Write(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    private static void EndWhatIsNotSeen(JudgedDevice? device, AlarmTrack track, long newestMs, List<TelemetryChange> changes)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(newestMs);
        var evidence = track.Alarm.Evidence.Select(e => e.IsActive && !Sees(device, e.Rule) ? e with { To = at > e.From ? at : e.From } : e).ToArray();
        if (evidence.SequenceEqual(track.Alarm.Evidence)) return;
        var (kind, alarm) = FaultTracker.WithEnded(track.Alarm, device?.Pack, evidence, at);
        changes.Add(track.Change(kind, at, alarm));
    }

    private static bool Sees(JudgedDevice? device, string rule) =>
        device is not null && Array.Find(device.Pack.Rules, r => r.Definition.Id == rule) is { } compiled
        && (device.Conditions[compiled.Index].IsActive || SilenceOf(device, compiled).Raised);

    private static SilenceState SilenceOf(JudgedDevice device, CompiledRule rule) =>
        rule.Missing is null ? default : device.Silences[Array.IndexOf(device.Pack.Missing, rule)];
}
