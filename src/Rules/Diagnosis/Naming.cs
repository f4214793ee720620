using Seamless.Rules.Packs;

namespace Seamless.Rules.Diagnosis;

/// <summary>What is called by its name. One wrong name sends people after the wrong thing, so where no cause is probable enough none is named, and those that come into question are told (Chow, On optimum recognition error and reject tradeoff, 1970).</summary>
/// <param name="Code">Of the cause; <see cref="Diagnoser.Unknown"/> where none is named.</param>
/// <param name="Title">Of the cause, or of the two that come first: "Bearing wear or Coupling misaligned".</param>
/// <param name="IsCertain">One cause is probable enough; that nobody knows the cause can be, too.</param>
public sealed record Naming(string Code, LocalizedText Title, bool IsCertain)
{
    /// <summary>A less probable cause is not named: to be wrong is thought three times as bad as to leave it open, and 1 − 1/3 is where both cost the same.</summary>
    public const double LeastProbability = 2.0 / 3;

    /// <param name="causes">Most probable first.</param>
    /// <returns>Null without causes.</returns>
    public static Naming? Of(IReadOnlyList<Cause> causes)
    {
        if (causes is not [var top, ..]) return null;
        if (top.Probability >= LeastProbability) return new Naming(top.Code, top.Title, true);
        var other = causes.Count > 1 ? causes[1] : Diagnoser.OfUnknown(1 - top.Probability, []);
        return new Naming(Diagnoser.Unknown, new LocalizedText($"{top.Title.En} or {other.Title.En}", $"{top.Title.ZhCn}或{other.Title.ZhCn}"), false);
    }
}
