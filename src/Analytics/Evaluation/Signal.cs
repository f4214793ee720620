using System.Text.Json.Serialization;

namespace Seamless.Analytics.Evaluation;

/// <summary>How a signal is derived.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignalKind>))]
public enum SignalKind : byte
{
    /// <summary>An expression over other signals.</summary>
    Expression,

    /// <summary>Change per second between two points.</summary>
    Rate,

    /// <summary>Seconds for which the value has not moved by more than <see cref="Signal.Parameter"/>.</summary>
    Unchanged,

    /// <summary>Over a window: arithmetic mean.</summary>
    Mean,

    /// <summary>Over a window: standard deviation of the population.</summary>
    Deviation,

    /// <summary>Over a window: least value.</summary>
    Least,

    /// <summary>Over a window: greatest value.</summary>
    Greatest,

    /// <summary>Over a window: greatest less least.</summary>
    Range,

    /// <summary>Over a window: least-squares slope per second.</summary>
    Slope,

    /// <summary>Over a window: how many values were true (not 0).</summary>
    Count,

    /// <summary>Over a window: the percentile <see cref="Signal.Parameter"/> (0–100, nearest rank) of the means of sixty parts of it.</summary>
    Percentile,

    /// <summary>The mean of each part of time [k · length, (k + 1) · length) since 1970: no signal of its own, but what the machine tells its peers.</summary>
    Part,

    /// <summary>From outside: the median of what the machine's peers told of the newest part that counts, itself left out.</summary>
    Peers,

    /// <summary>From outside: how far the peers lie apart, 1.4826 times the median distance from their median (a standard deviation where they are normally distributed).</summary>
    PeerSpread,
}

/// <summary>A quantity derived from others, sample by sample in event time.</summary>
/// <param name="Input">Slot of what it is derived from; −1 for an expression. Of what comes from outside: the slot of the <see cref="SignalKind.Part"/> that peers tell.</param>
/// <param name="LengthMs">Length of the window, or of the parts.</param>
/// <param name="Parameter">The tolerance of <see cref="SignalKind.Unchanged"/>, the percentile of <see cref="SignalKind.Percentile"/>, how many peers it takes.</param>
/// <param name="Code">The expression.</param>
public sealed record Signal(SignalKind Kind, int Input, long LengthMs = 0, double Parameter = 0, ExpressionCode? Code = null)
{
    /// <summary>Eight-byte words of state it keeps for a device.</summary>
    public int Words => Kind switch
    {
        SignalKind.Expression or SignalKind.Peers or SignalKind.PeerSpread => 0,
        SignalKind.Part => PartMean.Words,
        SignalKind.Rate or SignalKind.Unchanged => 2,
        _ => WindowPanes.Words(Kind),
    };

    /// <summary>Whether it is set from outside and not derived.</summary>
    public bool IsFromOutside => Kind is SignalKind.Peers or SignalKind.PeerSpread;

    /// <summary>Whether its words are the panes of a window.</summary>
    internal bool IsWindow => Kind is > SignalKind.Unchanged and < SignalKind.Part;

    internal int Panes { get; } = Kind is SignalKind.Percentile ? WindowPanes.FinePanes : WindowPanes.Panes;
    internal int Lanes { get; } = WindowPanes.Lanes(Kind);
    internal long PaneMs { get; } = Math.Max(1, LengthMs / (Kind is SignalKind.Percentile ? WindowPanes.FinePanes : WindowPanes.Panes));
}
