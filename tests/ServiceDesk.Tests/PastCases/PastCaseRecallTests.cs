using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.PastCases;

namespace Seamless.ServiceDesk.Tests.PastCases;

/// <summary>Cases drawn from the fault models of the packs, with symptoms missing and others that do not belong: the same cause is among the five that are told.</summary>
public sealed class PastCaseRecallTests
{
    private const int CasesOfEachFault = 12;
    private const int QuestionsOfEachFault = 40;
    private const double Missing = 0.3, Extra = 0.3;
    private static readonly string[] Types = ["pump", "server", "tv"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Scenario", "61")]
    public void The_confirmed_cause_is_among_the_five_most_similar_cases(int seed)
    {
        var dice = new Random(seed);
        var packs = Types.Select(Pack).ToList();
        var shelf = new CaseShelf([.. packs.SelectMany(pack => pack.Faults.Faults.SelectMany(fault => Enumerable.Range(0, CasesOfEachFault).Select(_ => (pack, fault))))
            .OrderBy(_ => dice.Next()).Select((drawn, i) => Past(i, drawn.pack, drawn.fault, dice))]);

        var asked = packs.SelectMany(pack => pack.Faults.Faults.SelectMany(fault => Enumerable.Range(0, QuestionsOfEachFault).Select(_ =>
            (pack.Type, fault.Code, Found: shelf.MostLike(Question(pack, fault, dice), ISimilarCases.Most).Any(found => found.Case.Type == pack.Type && found.Case.Cause == fault.Code))))).ToList();

        var recall = (double)asked.Count(question => question.Found) / asked.Count;
        var weak = asked.GroupBy(q => $"{q.Type} {q.Code}").Where(q => q.Any(a => !a.Found)).Select(q => $"{q.Key} {q.Count(a => a.Found)}/{q.Count()}");
        TestContext.Current.TestOutputHelper?.WriteLine($"recall@5 {recall:P1} of {asked.Count}; {string.Join(", ", weak)}");
        Assert.True(recall >= 0.9, $"recall@5 is {recall:P1}: {string.Join(", ", weak)}");
    }

    private static PastCase Past(int sequence, EquipmentPack pack, FaultDefinition fault, Random dice) =>
        Some.Case(sequence, fault.Code, [.. Shown(fault, dice)], pack.Type, $"site-{dice.Next(6)}") with { ClosedAt = House.Start.AddDays(-dice.Next(1, 700)) };

    private static Likened Question(EquipmentPack pack, FaultDefinition fault, Random dice)
    {
        var seen = Shown(fault, dice).Where((_, i) => i == 0 || dice.NextDouble() >= Missing).ToHashSet();
        if (dice.NextDouble() < Extra) seen.Add(pack.Faults.Symptoms[dice.Next(pack.Faults.Symptoms.Count)].Code);
        var absent = pack.Faults.Symptoms.Select(symptom => symptom.Code).Where(code => !seen.Contains(code)).ToHashSet();
        var causes = Diagnoser.Diagnose(pack.Faults, seen, absent).ToDictionary(cause => cause.Code, cause => cause.Probability);
        return new Likened("now", pack.Type, $"{pack.Type}-9", $"site-{dice.Next(6)}", seen, causes, House.Start);
    }

    /// <summary>Each symptom with the probability that the model gives it, in an order of chance; at least one, or there would be no alarm.</summary>
    private static List<string> Shown(FaultDefinition fault, Random dice)
    {
        while (true)
        {
            var shown = fault.Symptoms.Where(symptom => dice.NextDouble() < symptom.Value).Select(symptom => symptom.Key).OrderBy(_ => dice.Next()).ToList();
            if (shown.Count > 0) return shown;
        }
    }

    private static EquipmentPack Pack(string type) =>
        PackReader.Read(Path.Combine(AppContext.BaseDirectory, "packs", type), new Dictionary<string, string>(), out _).Pack;
}
