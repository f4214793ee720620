namespace Seamless.Replay;

/// <summary>Turns a data set's own time into the time of sending and of the sample.</summary>
/// <param name="speed">How many times faster than the machines lived; 0: as fast as the platform takes it.</param>
/// <param name="fromNow">Samples carry the time of the replay instead of their own, so that a live platform shows them now.</param>
public sealed class Pace(DateTimeOffset first, DateTimeOffset started, double speed, bool fromNow)
{
    /// <summary>When to send a row measured at <paramref name="at"/>; null: at once.</summary>
    public DateTimeOffset? SendAt(DateTimeOffset at) => speed > 0 ? started + (at - first) / speed : null;

    /// <summary>The time the sample carries.</summary>
    public DateTimeOffset EventTime(DateTimeOffset at) => fromNow ? SendAt(at) ?? started : at;
}
