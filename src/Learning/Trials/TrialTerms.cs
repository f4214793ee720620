using System.Globalization;

namespace Seamless.Learning.Trials;

/// <summary>Who is compared, and when what was said counts as confirmed.</summary>
/// <param name="Horizon">For rul: cycles within which a failure is near.</param>
/// <param name="Cap">For rul: longest life that is told apart.</param>
internal sealed record TrialTerms(string Name, string Kind, string Champion, string Challenger, double Horizon, double Cap)
{
    /// <summary>A failure model has no horizon of its own: what was said counts as confirmed by a failure within a week.</summary>
    public static readonly TimeSpan FailureHorizon = TimeSpan.FromDays(7);

    /// <summary>Samples of a failure model are at least so far apart: a week of them is kept as they came.</summary>
    public static readonly TimeSpan FailureSpacing = TimeSpan.FromHours(3);

    /// <summary>Rows of a machine until a rul model that meets it in the middle of its life is judged: its first means are of so many.</summary>
    public const int WarmUp = 20;

    public bool IsLife => Kind is Models.ModelFolder.Rul;

    public static TrialTerms Of(ModelInfo champion, ModelInfo challenger) =>
        new(champion.Name, champion.Kind, champion.Id, challenger.Id, Setting(champion, "horizon", 30), Setting(champion, "cap", 125));

    private static double Setting(ModelInfo model, string key, double otherwise) =>
        double.TryParse(model.Settings.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    /// <summary>Whether what was said at that sample was to be followed by this failure.</summary>
    public bool Covers(in TrialEnd end, long row, long atMs) => atMs <= end.ToMs
        && (IsLife ? end.Row - row <= Horizon : end.FromMs - atMs <= FailureHorizon.TotalMilliseconds);

    /// <summary>Whether the time within which it could be confirmed is over.</summary>
    public bool HasPassed(long row, long atMs, long lastRow, long lastMs) =>
        IsLife ? lastRow - row > Horizon : lastMs - atMs > FailureHorizon.TotalMilliseconds;

    public void Write(BinaryWriter writer)
    {
        foreach (var text in (string[])[Name, Kind, Champion, Challenger]) writer.Write(text);
        writer.Write(Horizon);
        writer.Write(Cap);
    }

    public static TrialTerms Read(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadDouble(), reader.ReadDouble());
}

/// <summary>A failure that was confirmed.</summary>
/// <param name="FromMs">When it was noticed.</param>
/// <param name="ToMs">When it was over: rows after that are of a repaired machine.</param>
/// <param name="Row">Rows of the machine until then.</param>
internal readonly record struct TrialEnd(long FromMs, long ToMs, long Row);

/// <summary>What both said at one row. A life is NaN when the model has none.</summary>
internal readonly record struct TrialSample(long Row, long AtMs, float Champion, float Challenger, float ChampionLife, float ChallengerLife);
