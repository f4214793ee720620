using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Counting;

/// <summary>Where a count and the ledger differ.</summary>
public enum CountFinding : byte
{
    /// <summary>The ledger has it on this shelf, and nobody has read it. Settled: it is lost, and its level is filled up again.</summary>
    Missing,

    /// <summary>Read here, and the ledger has it on another depot's shelf. Settled: it is here.</summary>
    Misplaced,

    /// <summary>Read here, and the ledger calls it lost. Settled: it is found.</summary>
    Found,

    /// <summary>Read here, and the ledger has it on the way here. Settled: it was received.</summary>
    Arrived,

    /// <summary>The ledger has it where a count decides nothing: reserved, installed, on a technician, being handed over. A person looks.</summary>
    Disputed,

    /// <summary>Read here, and the ledger has never heard of it.</summary>
    Unknown,
}

/// <param name="Sku">Null when it is unknown.</param>
/// <param name="Place">Where the ledger has it: <c>depot:ID</c>, <c>transit:ID</c>, <c>lost</c>; null when it is unknown.</param>
/// <param name="Settled">The ledger says what was counted now.</param>
public sealed record CountLine(string Serial, string? Sku, CountFinding Finding, string? Place, bool Settled);

/// <summary>One depot's shelves, counted and compared with the ledger.</summary>
/// <param name="ReadAt">When the reading began: what has moved since is not compared.</param>
/// <param name="Read">How many different units were read.</param>
/// <param name="Present">Read, and in the ledger as here.</param>
/// <param name="MovedSince">Read or expected, and moved after the reading began.</param>
/// <param name="Unreadable">Tags without a serial number.</param>
public sealed record StockCount(string Depot, DateTimeOffset ReadAt, int Read, int Present, int MovedSince, IReadOnlyList<string> Unreadable, IReadOnlyList<CountLine> Differences)
{
    public int Missing => Differences.Count(line => line.Finding is CountFinding.Missing);
}

/// <summary>Counts of what lies in a depot, by hand scanner or radio gate. A count is compared without leaving a trace; only settling it moves anything, and doing so twice moves nothing twice.</summary>
public interface IStockCounts
{
    /// <param name="tags">As read, see <see cref="TagReading"/>; the same one any number of times.</param>
    /// <param name="readAt">When the reading began; now when null.</param>
    Task<Outcome<StockCount>> CompareAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, CancellationToken ct);

    /// <summary>Moves the ledger to what was counted, in one transaction.</summary>
    /// <param name="missing">How many units the one who settles knows to be missing: half a count would empty a depot otherwise.</param>
    Task<Outcome<StockCount>> SettleAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, int missing, string actor, CancellationToken ct);
}
