using Seamless.Rules.Diagnosis;
using Seamless.Telemetry;

namespace Seamless.Rules.Packs.Testing;

/// <summary>A fault that a pack's own test describes, as telemetry that any device can send at any time.</summary>
public sealed class DescribedFault
{
    private readonly PackTest _test;
    private readonly EquipmentPack _pack;

    internal DescribedFault(PackTest test, EquipmentPack pack, FaultDefinition fault) => (_test, _pack, Fault) = (test, pack, fault);

    public string Type => _pack.Type;
    public string Test => _test.Name;

    /// <summary>The cause that the test expects.</summary>
    public FaultDefinition Fault { get; }
    public TimeSpan Interval => _test.Interval;

    /// <summary>From the first sample, still healthy, to the last, in the middle of the fault.</summary>
    public TimeSpan Duration => _test.Duration;

    /// <summary>How long after the first sample the alarm may be raised.</summary>
    public TimeSpan RaisedWithin => _test.Alarms[0].Before ?? _test.Duration;

    /// <summary>The whole story, its last sample at <paramref name="end"/>.</summary>
    public IReadOnlyList<Sample> Telemetry(DeviceKey device, DateTimeOffset end)
    {
        var samples = new List<Sample>();
        var noise = new PackTests.Gauss(_test.Name);
        for (var at = TimeSpan.Zero; at <= Duration; at += Interval)
            samples.Add(new Sample(device, (end - Duration + at).ToUnixTimeMilliseconds(), null, PackTests.Readings(_test, 1, _pack, at, noise)));
        return samples;
    }

    /// <summary>How the machine reads while the fault lasts.</summary>
    public Sample Failing(DeviceKey device, DateTimeOffset at) => Level(device, at, _test.Duration);

    /// <summary>How it reads when it is well: as the story begins.</summary>
    public Sample Healthy(DeviceKey device, DateTimeOffset at) => Level(device, at, TimeSpan.Zero);

    private Sample Level(DeviceKey device, DateTimeOffset at, TimeSpan point) =>
        new(device, at.ToUnixTimeMilliseconds(), null, [.. _test.SignalsOf(1).Select(signal => new Reading(signal.Metric, signal.At(point)))]);
}

/// <summary>The faults that the packs describe and that one machine can show: from healthy into a fault that lasts, with one alarm and its cause expected.</summary>
/// <remarks>Read anew each time: the tests are files, and rules put at run time change what comes of them.</remarks>
public sealed class DescribedFaults(PackDirectory packs)
{
    /// <summary>By type, then in the order of the files.</summary>
    public IReadOnlyList<DescribedFault> All => [.. packs.Folders.OrderBy(files => files.Pack.Type, StringComparer.Ordinal).SelectMany(Of)];

    private static IEnumerable<DescribedFault> Of(Files.PackFiles files)
    {
        // A rule that a test names and the pack lacks is no reason to leave the test out: that the alarm fails to come is what it is for.
        foreach (var test in PackTestReader.Read(files.Directory, files.Pack, []))
            if (IsOneMachinesFault(test, files.Pack) && files.Pack.Faults.Fault(test.Alarms[0].Cause!) is { } fault)
                yield return new DescribedFault(test, files.Pack, fault);
    }

    private static bool IsOneMachinesFault(PackTest test, EquipmentPack pack) =>
        test is { Devices: 1, Alarms: [{ Site: false, Cause: not null, Active: not false }] } && test.Silence == TimeSpan.Zero && test.Interval > TimeSpan.Zero
        && test.Signals.All(signal => signal.Points.Count > 0 && pack.Metric(signal.Metric) is not null)
        && test.Signals.Any(signal => signal.At(TimeSpan.Zero) != signal.At(test.Duration));
}
