namespace Seamless.Replay.Sets;

/// <summary>One sample of a public data set, as a device would have sent it.</summary>
/// <param name="At">When it was measured; sets without a clock get one (see each set).</param>
/// <param name="Sequence">Counts the samples of the device from 1: a row sent twice is stored once.</param>
public sealed record ReplayRow(string Device, DateTimeOffset At, long Sequence, IReadOnlyList<KeyValuePair<string, double>> Values);

/// <summary>A public data set that can be replayed.</summary>
/// <param name="Files">What must lie in the data directory, for the help.</param>
/// <param name="Read">Rows in the order of time.</param>
/// <param name="Training">Lines of a CSV for <c>seamless train</c>, columns named as the pack names its metrics; null when there is nothing to train.</param>
public sealed record ReplaySet(
    string Name, string Summary, string Files, Func<string, IEnumerable<ReplayRow>> Read, Func<string, IEnumerable<string>>? Training)
{
    public static IReadOnlyList<ReplaySet> All { get; } = [Turbofan.Set, Milling.Set, Valve.Set];
}

/// <summary>The files are not as the set's publisher made them; the message says where and what was expected.</summary>
public sealed class WrongDataException : Exception
{
    public WrongDataException(string message) : base(message) { }
    public WrongDataException(string message, Exception inner) : base(message, inner) { }
    public WrongDataException() { }
}
