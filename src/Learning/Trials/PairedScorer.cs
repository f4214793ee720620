using Seamless.Learning.Live;

namespace Seamless.Learning.Trials;

/// <summary>Asks the active version and its challenger the same, passes on what the active one says, and keeps what both said.</summary>
/// <remarks>Without a challenger it still reads the snapshot of a pair, so that the active version goes on when a trial ends.</remarks>
internal sealed class PairedScorer(IScorer champion, IScorer? challenger, Trial? trial, InputDrift? drift) : IScorer
{
    private const string PairOf = "seamless pair/1";

    public ModelInfo Model => champion.Model;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var verdict = champion.Observe(device, timestampMs, readings);
        if (challenger?.Observe(device, timestampMs, readings) is not { } other) return verdict;
        drift?.Count(challenger.Model, readings);
        if (verdict is not null) trial?.Observe(device, timestampMs, verdict, other);
        return verdict;
    }

    public byte[] Snapshot()
    {
        var own = champion.Snapshot();
        if (challenger is null) return own;
        var others = challenger.Snapshot();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(PairOf);
        writer.Write(own.Length);
        writer.Write(own);
        writer.Write(challenger.Model.Id);
        writer.Write(others.Length);
        writer.Write(others);
        writer.Flush();
        return stream.ToArray();
    }

    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        if (!IsPair(snapshot))
        {
            champion.Restore(snapshot);
            return;
        }
        using var reader = new BinaryReader(new MemoryStream(snapshot.ToArray()));
        reader.ReadString();
        champion.Restore(reader.ReadBytes(reader.ReadInt32()));
        var id = reader.ReadString();
        var others = reader.ReadBytes(reader.ReadInt32());
        if (challenger is not null && challenger.Model.Id == id) challenger.Restore(others);
    }

    private static bool IsPair(ReadOnlySpan<byte> snapshot) =>
        snapshot.Length > PairOf.Length && snapshot[0] == PairOf.Length && System.Text.Encoding.UTF8.GetString(snapshot[1..(PairOf.Length + 1)]) == PairOf;
}
