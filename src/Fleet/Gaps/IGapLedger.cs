using Seamless.Telemetry;

namespace Seamless.Fleet.Gaps;

/// <summary>Sequence numbers of a device that were never seen.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The last of them.</param>
/// <param name="Since">Our clock when a higher number came first.</param>
/// <param name="Asked">How many times the device was asked for them.</param>
/// <param name="GivenUp">Why nobody asks any more; null while it may still come.</param>
public sealed record Gap(DeviceKey Device, long From, long To, DateTimeOffset Since, int Asked, DateTimeOffset? AskedAt, string? GivenUp)
{
    /// <summary>How many numbers that is.</summary>
    public long Count => To - From + 1;
}

/// <summary>What is known of a device's counter <c>seq</c>.</summary>
/// <param name="First">The first number of this run of the counter that was seen.</param>
/// <param name="Highest">The highest so far.</param>
/// <param name="Missing">Numbers in <paramref name="Gaps"/>.</param>
/// <param name="Repeated">Samples whose number had been seen before.</param>
/// <param name="Restarts">How often the counter began anew.</param>
/// <param name="Forgotten">Numbers that were missing and are no longer kept: of a run of the counter that is over, or more gaps than are kept.</param>
/// <param name="CountsUp">False for a counter that leaps with every sample: it says nothing of gaps.</param>
public sealed record SequenceState(
    DeviceKey Device, long First, long Highest, long Missing, long Repeated, int Restarts, long Forgotten, bool CountsUp, IReadOnlyList<Gap> Gaps);

/// <summary>Which sequence numbers of which device were never seen.</summary>
public interface IGapLedger
{
    /// <summary>Null for a device that never sent a <c>seq</c>.</summary>
    SequenceState? Find(in DeviceKey device);

    /// <summary>All gaps of a tenant's devices, those given up included.</summary>
    IReadOnlyList<Gap> List(string tenant);

    /// <summary>Forgets why earlier requests failed: the device is asked for all of it with the next look.</summary>
    /// <returns>How many numbers will be asked for.</returns>
    Outcome<long> AskAgain(in DeviceKey device);
}
