using System.Text;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
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

    /// <param name="compiled">The pack that judges a device of a type; null when it is gone.</param>
    /// <returns>The device, or null when its pack is gone.</returns>
    public static JudgedDevice? Read(BinaryReader reader, Func<DeviceKey, string, CompiledPack?> compiled, int lateRows, List<TelemetryChange> changes)
    {
        var key = new DeviceKey(reader.ReadString(), reader.ReadString());
        var site = reader.ReadString();
        var pack = compiled(key, reader.ReadString());
        var device = pack is null ? null : new JudgedDevice(key, site, pack, lateRows);
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
        var (state, program) = (device.State, device.Pack.Program);
        writer.Write(state.NewestMs);
        writer.Write(program.Metrics.Length);
        for (var i = 0; i < program.Metrics.Length; i++) WriteMetric(state, i, writer);
        writer.Write(program.Signals.Length);
        for (var i = 0; i < program.Signals.Length; i++)
        {
            writer.Write(device.Pack.SignalMeanings[i]);
            WriteBlock(writer, inner => state.WriteSignal(i, inner));
        }
        writer.Write(device.Pack.Rules.Length);
        foreach (var rule in device.Pack.Rules)
        {
            writer.Write(rule.Meaning);
            state.WriteRule(rule.Index, writer);
            SilenceOf(device, rule).Snapshot(writer);
            WriteBlock(writer, inner => state.WriteDetector(rule.Index, inner));
        }
        writer.Write(device.AtRest.Count);
        foreach (var symptom in device.AtRest.Order(StringComparer.Ordinal)) writer.Write(symptom);
        writer.Write(device.Alarms.Count);
        foreach (var track in device.Alarms) WriteTrack(track, writer);
        WriteBlock(writer, inner => WriteHistory(device, inner));
    }

    private static void ReadBody(JudgedDevice? device, BinaryReader reader, List<TelemetryChange> changes)
    {
        var newestMs = reader.ReadInt64();
        if (device is not null) device.State.NewestMs = device.LastFindingMs = newestMs;
        for (var count = reader.ReadInt32(); count > 0; count--) ReadMetric(device, reader);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var signal = Array.IndexOf(device?.Pack.SignalMeanings ?? [], reader.ReadString());
            var words = reader.ReadBytes(reader.ReadInt32());
            if (signal >= 0) device!.State.ReadSignal(signal, words);
        }
        var meant = device?.Pack.Rules.ToDictionary(rule => rule.Meaning) ?? [];
        for (var count = reader.ReadInt32(); count > 0; count--) ReadRule(device, meant.GetValueOrDefault(reader.ReadString()), reader);
        var atRest = new HashSet<string>(StringComparer.Ordinal);
        for (var count = reader.ReadInt32(); count > 0; count--) atRest.Add(reader.ReadString());
        if (device is not null) device.AtRest = atRest;
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var track = ReadTrack(reader);
            device?.Alarms.Add(track);
            EndWhatIsNotSeen(device, track, newestMs, changes);
        }
        ReadHistory(device, reader.ReadBytes(reader.ReadInt32()));
    }

    /// <summary>The recent rows go over only where every number means the same: under the very same rules.</summary>
    private static void WriteHistory(JudgedDevice device, BinaryWriter writer)
    {
        if (device.History is not { } history) return;
        writer.Write(ProgramOf(device.Pack));
        history.Write(writer);
    }

    private static void ReadHistory(JudgedDevice? device, byte[] bytes)
    {
        if (device?.History is not { } history) return;
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (bytes.Length > 0 && reader.ReadString() == ProgramOf(device.Pack)) history.Read(reader);
        else history.Restart();
    }

    private static string ProgramOf(CompiledPack pack) =>
        StableHash.Id("pg2", [.. pack.Program.Metrics.Select(m => m.Name), .. pack.SignalMeanings, .. pack.Rules.Select(r => r.Meaning)]);

    private static void WriteBlock(BinaryWriter writer, Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using (var inner = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true)) write(inner);
        writer.Write((int)memory.Length);
        writer.Write(memory.GetBuffer().AsSpan(0, (int)memory.Length));
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

    private static void WriteMetric(RuleState state, int metric, BinaryWriter writer)
    {
        var spec = state.Program.Metrics[metric];
        var latest = state.Signals[metric];
        writer.Write(spec.Name);
        writer.Write(latest);
        writer.Write(!spec.Words.IsDefaultOrEmpty && latest >= 0 ? spec.Words[(int)latest] : "");
        writer.Write(state.JudgedMs[metric]);
    }

    private static void ReadMetric(JudgedDevice? device, BinaryReader reader)
    {
        var (name, latest, word, judgedMs) = (reader.ReadString(), reader.ReadDouble(), reader.ReadString(), reader.ReadInt64());
        var metric = device?.Pack.MetricIndex(name) ?? -1;
        if (metric < 0) return;
        var spec = device!.Pack.Program.Metrics[metric];
        device.State.Signals[metric] = spec.Words.IsDefaultOrEmpty || double.IsNaN(latest) ? latest : spec.NumberOf(word);
        device.State.JudgedMs[metric] = judgedMs;
    }

    private static void ReadRule(JudgedDevice? device, CompiledRule? rule, BinaryReader reader)
    {
        var (condition, silence) = (reader.ReadBytes(RuleState.RuleBytes), SilenceState.Restore(reader));
        var detector = reader.ReadBytes(reader.ReadInt32());
        if (device is null || rule is null) return;
        device.State.ReadRule(rule.Index, condition);
        if (rule.Spec.Kind is RuleKind.Missing) device.State.Silences[device.Pack.Program.SilenceOf(rule.Index)] = silence;
        if (detector.Length == 0) return;
        using var memory = new BinaryReader(new MemoryStream(detector));
        device.State.ReadDetector(rule.Index, memory);
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
        device is not null && Array.Find(device.Pack.Rules, r => r.Definition.Id == rule) is { } compiled && device.State.IsActive(compiled.Index);

    private static SilenceState SilenceOf(JudgedDevice device, CompiledRule rule) =>
        rule.Spec.Kind is RuleKind.Missing ? device.State.Silences[device.Pack.Program.SilenceOf(rule.Index)] : default;
}
