using System.Security.Cryptography;
using Seamless.Analytics.Evaluation;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Judging;

/// <summary>Judges every measurement at the machine by the rules that the platform compiled and signed, whether or not the platform can be reached.</summary>
/// <remarks>What a rule begins or ceases to see goes into the very sample that showed it, as the metric <c>rule.{id}</c>, 1 or 0: it is kept, sent and acknowledged with it.</remarks>
public sealed class EdgeRules
{
    /// <summary>Stands before a rule's id in the name of its metric.</summary>
    public const string MetricPrefix = "rule.";

    private readonly RuleProgram _program;
    private readonly RuleState _state;
    private readonly RowJudge _judge = new();
    private readonly List<RuleVerdict> _verdicts = [];
    private readonly Dictionary<string, int> _metrics;

    public EdgeRules(ProgramFile file)
    {
        (Type, Version) = (file.Type, file.Version);
        _program = file.Program();
        _state = new RuleState(_program);
        _metrics = _program.Metrics.Select((metric, i) => (metric.Name, i)).ToDictionary(m => m.Name, m => m.i, StringComparer.Ordinal);
    }

    public string Type { get; }
    public string Version { get; }

    /// <exception cref="InvalidDataException">The file was not made by the holder of the key, or is no file of rules.</exception>
    public static EdgeRules Load(string path, string publicKeyPath)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(publicKeyPath));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"{publicKeyPath} is no public key: {e.Message}", e);
        }
        return new EdgeRules(ProgramFile.Read(File.ReadAllBytes(path), key));
    }

    /// <summary>The measurement with what the rules made of it. One older than the last is passed on unjudged: the platform puts it in its place.</summary>
    public Measurement Judge(in Measurement measurement)
    {
        if (measurement.TimestampMs <= _state.NewestMs) return measurement;
        _verdicts.Clear();
        _judge.Begin(_state);
        foreach (var reading in measurement.Readings) Take(measurement.TimestampMs, reading);
        _judge.Judge(_state, measurement.TimestampMs, _verdicts);
        _judge.Conclude(_state, measurement.TimestampMs, _verdicts);
        if (_verdicts.Count == 0) return measurement;
        var changed = _verdicts.Where(verdict => verdict.Kind is not VerdictKind.Escalates).Select(verdict => new Reading(MetricPrefix + _program.Rules[verdict.Rule].Id, verdict.Kind is VerdictKind.Begins ? 1 : 0));
        return measurement with { Readings = [.. measurement.Readings, .. changed] };
    }

    private void Take(long timestampMs, in Reading reading)
    {
        if (!_metrics.TryGetValue(reading.Metric, out var metric)) return;
        var value = reading.State is { } word ? _program.Metrics[metric].NumberOf(word) : double.IsNaN(reading.Value) ? double.PositiveInfinity : reading.Value;
        _state.JudgedMs[metric] = timestampMs;
        _judge.Take(_state, timestampMs, metric, value, _verdicts);
    }
}
