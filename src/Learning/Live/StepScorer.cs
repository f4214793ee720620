namespace Seamless.Learning.Live;

/// <summary>Asks a model about the means of whole steps, as it was trained on them; says nothing in between.</summary>
/// <remarks>Steps are aligned to the Unix epoch, as the buckets of history are. A row that comes after its step is over is too late for it.</remarks>
internal sealed class StepScorer(IScorer scorer, TimeSpan step) : IScorer
{
    private const string Format = "seamless step/1";

    private readonly long _stepMs = (long)step.TotalMilliseconds;
    private readonly SortedDictionary<string, Step> _steps = new(StringComparer.Ordinal);

    public ModelInfo Model => scorer.Model;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var number = Math.DivRem(timestampMs, _stepMs).Quotient;
        if (!_steps.TryGetValue(device, out var running)) _steps[device] = running = new Step { Number = number };
        if (number < running.Number) return null;
        Verdict? verdict = null;
        if (number > running.Number)
        {
            verdict = scorer.Observe(device, (running.Number + 1) * _stepMs - 1, running.Means());
            running.Begin(number);
        }
        foreach (var input in Model.Features)
            if (readings.TryGetValue(input, out var value) && double.IsFinite(value)) running.Add(input, value);
        return verdict;
    }

    public byte[] Snapshot()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        var own = scorer.Snapshot();
        writer.Write(own.Length);
        writer.Write(own);
        writer.Write(_steps.Count);
        foreach (var (device, running) in _steps)
        {
            writer.Write(device);
            running.Write(writer);
        }
        writer.Flush();
        return stream.ToArray();
    }

    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        _steps.Clear();
        if (snapshot.IsEmpty) return;
        using var reader = new BinaryReader(new MemoryStream(snapshot.ToArray()));
        if (reader.ReadString() != Format) return;
        scorer.Restore(reader.ReadBytes(reader.ReadInt32()));
        for (var left = reader.ReadInt32(); left > 0; left--) _steps[reader.ReadString()] = Step.Read(reader);
    }

    /// <summary>The step of one device that is not over yet.</summary>
    private sealed class Step
    {
        private readonly SortedDictionary<string, (double Sum, int Count)> _inputs = new(StringComparer.Ordinal);

        public long Number { get; set; }

        public void Begin(long number)
        {
            Number = number;
            _inputs.Clear();
        }

        public void Add(string input, double value)
        {
            var (sum, count) = _inputs.GetValueOrDefault(input);
            _inputs[input] = (sum + value, count + 1);
        }

        public Dictionary<string, double> Means() => _inputs.ToDictionary(input => input.Key, input => input.Value.Sum / input.Value.Count);

        public void Write(BinaryWriter writer)
        {
            writer.Write(Number);
            writer.Write(_inputs.Count);
            foreach (var (input, (sum, count)) in _inputs)
            {
                writer.Write(input);
                writer.Write(sum);
                writer.Write(count);
            }
        }

        public static Step Read(BinaryReader reader)
        {
            var step = new Step { Number = reader.ReadInt64() };
            for (var left = reader.ReadInt32(); left > 0; left--) step._inputs[reader.ReadString()] = (reader.ReadDouble(), reader.ReadInt32());
            return step;
        }
    }
}
