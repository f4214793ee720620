using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Ledger;

/// <summary>What was seen of one device's counter. One owner at a time; the ledger's gate of its partition guards it.</summary>
internal sealed class DeviceLedger(DeviceKey device)
{
    /// <summary>A leap of this many numbers is no gap: the counter began anew, at a clock's milliseconds for example.</summary>
    public const long LongestGap = 1_000_000;

    /// <summary>After so many leaps without a single step it is no counter: perhaps a time.</summary>
    private const int LeapsOfNoCounter = 16;

    private int _leaps;

    public DeviceKey Device { get; } = device;
    public long First { get; set; }

    /// <summary><see cref="SampleRows.NoSequence"/> before the first.</summary>
    public long Highest { get; set; } = SampleRows.NoSequence;

    /// <summary>The newest event time of this run of the counter.</summary>
    public long NewestMs { get; set; }
    public long Repeated { get; set; }
    public int Restarts { get; set; }
    public long Forgotten { get; set; }
    public MissingNumbers Missing { get; } = new();
    public Asking Asking { get; } = new();

    public bool CountsUp => _leaps < LeapsOfNoCounter;

    public void Observe(long number, long timestampMs, long arrivalMs)
    {
        // The usual case by far, and the only one that must be fast.
        if (number == Highest + 1)
        {
            Highest = number;
            if (timestampMs > NewestMs) NewestMs = timestampMs;
            _leaps = 0;
            return;
        }
        if (Highest == SampleRows.NoSequence) Begin(number, timestampMs);
        else if (number > Highest) Leap(number, timestampMs, arrivalMs);
        else Return(number, timestampMs);
    }

    private void Begin(long number, long timestampMs) => (First, Highest, NewestMs, _leaps) = (number, number, timestampMs, 0);

    private void Leap(long number, long timestampMs, long arrivalMs)
    {
        var missing = unchecked((ulong)(number - Highest)) - 1;   // as unsigned it cannot overflow
        if (missing >= LongestGap)
        {
            BeginAnew(number, timestampMs);
            return;
        }
        if (CountsUp && ++_leaps == LeapsOfNoCounter) Forgotten += Missing.Clear();
        if (CountsUp) Forgotten += Missing.Add(new MissingRange { From = Highest + 1, To = number - 1, SinceMs = arrivalMs });
        Highest = number;
        NewestMs = Math.Max(NewestMs, timestampMs);
    }

    private void Return(long number, long timestampMs)
    {
        if (Missing.Remove(number)) _leaps = 0;
        // Sent again it would have its old time: a lower number with a newer one is a counter that began anew.
        else if (number < Highest && timestampMs > NewestMs) BeginAnew(number, timestampMs);
        else if (number >= First) Repeated++;
    }

    private void BeginAnew(long number, long timestampMs)
    {
        Restarts++;
        Forgotten += Missing.Clear();   // the numbers that were missing mean other samples from now on
        Begin(number, timestampMs);
    }
}
