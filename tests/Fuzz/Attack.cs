using System.Diagnostics;
using System.Globalization;

namespace Seamless.Fuzz;

/// <summary>What came of it.</summary>
/// <param name="MaxAllocatedBytes">By one input, the references' share not counted.</param>
internal sealed record Outcome(string Target, long Inputs, TimeSpan Took, int Crashes, int Slow, long MaxAllocatedBytes, IReadOnlyList<string> Findings)
{
    public double InputsPerSecond => Inputs / Took.TotalSeconds;
}

/// <summary>Feeds a parser its seeds and then as many mutations of them as are wanted.</summary>
internal sealed class Attack(ITarget target, IReadOnlyList<byte[]> seeds, ulong seed, Action<string, byte[]> keep)
{
    private const int MaxFindings = 20;
    private const int CompareAcceptedEvery = 8;
    private const int CompareEverythingEvery = 64;

    /// <summary>An input has at most <see cref="Mutator.MaxBytes"/>: what takes more than a hundred times that is out of proportion.</summary>
    private const long MaxAllocatedBytes = 128 * Mutator.MaxBytes;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _findings = [];
    private int _crashes;
    private int _slow;
    private long _allocated;

    /// <summary>How many were fed so far.</summary>
    public long Done { get; private set; }

    public Outcome Run(long inputs)
    {
        var mutator = new Mutator(seeds, target.Words, seed);
        var began = Stopwatch.GetTimestamp();
        foreach (var whole in seeds) Feed(whole, Comparison.Everything);
        for (long i = 0; i < inputs && _findings.Count < MaxFindings; i++) Feed(mutator.Next(), ComparisonOf(i));
        return new Outcome(target.Name, Done, Stopwatch.GetElapsedTime(began), _crashes, _slow, _allocated, _findings);
    }

    private static Comparison ComparisonOf(long input) => input switch
    {
        _ when input % CompareEverythingEvery == 0 => Comparison.Everything,
        _ when input % CompareAcceptedEvery == 0 => Comparison.Accepted,
        _ => Comparison.Nothing,
    };

    private void Feed(ReadOnlySpan<byte> input, Comparison comparison)
    {
        Done++;
        var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            target.Run(input, comparison);
            if (comparison is Comparison.Nothing) Weigh(input, GC.GetAllocatedBytesForCurrentThread() - before);
        }
#pragma warning disable CA1031 // whatever it throws is what we are looking for
        catch (Exception finding)
#pragma warning restore CA1031
        {
            _crashes++;
            Find("crash", input, $"{finding.GetType().Name}: {finding.Message}");
        }
        if (Stopwatch.GetElapsedTime(began) <= Slow || !IsSlowAgain(input)) return;
        _slow++;
        Find("slow", input, $"more than {Slow.TotalMilliseconds} ms");
    }

    private void Weigh(ReadOnlySpan<byte> input, long allocated)
    {
        if (allocated <= _allocated) return;
        _allocated = allocated;
        if (allocated > MaxAllocatedBytes) Find("greedy", input, $"{allocated:N0} bytes for an input of {input.Length}");
    }

    /// <summary>A busy machine makes anything slow once; a slow input is slow every time.</summary>
    private bool IsSlowAgain(ReadOnlySpan<byte> input)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                target.Run(input, Comparison.Everything);
            }
#pragma warning disable CA1031
            catch (Exception)
#pragma warning restore CA1031
            {
                // Found already; here it is about the time.
            }
            if (Stopwatch.GetElapsedTime(began) <= Slow) return false;
        }
        return true;
    }

    private void Find(string kind, ReadOnlySpan<byte> input, string what)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{kind}-{_findings.Count}");
        keep(name, input.ToArray());
        _findings.Add($"{name}: {what}");
    }
}
