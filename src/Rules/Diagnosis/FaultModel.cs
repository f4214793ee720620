using Seamless.Rules.Packs;

namespace Seamless.Rules.Diagnosis;

/// <summary>What kind of cause: hardware, software, network, environment. ENV and NET block parts.</summary>
public enum FaultClass : byte { HW, SW, NET, ENV }

/// <summary>FMECA of one equipment type: causes, the symptoms they show, what remedies them.</summary>
public sealed record FaultModel(IReadOnlyList<SymptomDefinition> Symptoms, IReadOnlyList<FaultDefinition> Faults)
{
    public FaultDefinition? Fault(string code) => Faults.FirstOrDefault(f => f.Code == code);
    public SymptomDefinition? Symptom(string code) => Symptoms.FirstOrDefault(s => s.Code == code);
}

/// <param name="Leak">Probability that the symptom shows with no modelled cause (the leak of the noisy-OR).</param>
public sealed record SymptomDefinition(string Code, LocalizedText Title, double Leak);

/// <summary>A failure cause as in FMECA and ISO 14224.</summary>
/// <param name="Mechanism">ISO 14224 failure mechanism, number and word (<c>2.4 Wear</c>).</param>
/// <param name="Cause">ISO 14224 failure cause (<c>Expected wear and tear</c>).</param>
/// <param name="Prior">Probability that this cause is at work in a machine that is being looked at.</param>
/// <param name="SiteWide">It strikes a whole site (mains, cooling, network): several devices with it make one site fault.</param>
/// <param name="Symptoms">Symptom code → probability that the cause alone shows it.</param>
/// <param name="Remedies">Cheapest first: the remedy ladder.</param>
public sealed record FaultDefinition(
    string Code, LocalizedText Title, FaultClass Class, string Mechanism, string Cause, double Prior, bool SiteWide,
    IReadOnlyDictionary<string, double> Symptoms, IReadOnlyList<Remedy> Remedies)
{
    /// <summary>How a person finds out whether it is this one; null when the pack does not say.</summary>
    public FaultTest? Test { get; init; }
}

/// <summary>A look or a measurement on site that speaks for one cause or against it.</summary>
/// <param name="Title">What to do.</param>
/// <param name="Minutes">What it costs.</param>
/// <param name="Sensitivity">Probability that it shows the cause where the cause is at work.</param>
/// <param name="Specificity">Probability that it shows nothing where another cause is at work.</param>
/// <param name="Tools">What it is done with; null for nothing.</param>
public sealed record FaultTest(LocalizedText Title, int Minutes, double Sensitivity, double Specificity, LocalizedText? Tools);

/// <summary>One rung of the ladder: a playbook to run remotely, or a visit with parts.</summary>
/// <param name="Playbook">Name of the playbook, or null for a visit.</param>
/// <param name="Parts">For a visit: what to bring.</param>
/// <param name="Skill">For a visit: who can do it.</param>
/// <param name="Minutes">For a visit: expected work on site.</param>
public sealed record Remedy(string? Playbook, IReadOnlyList<PartNeed> Parts, string? Skill, int Minutes, LocalizedText Action);

public sealed record PartNeed(string Sku, int Quantity);

/// <summary>A remote fix: one command, its guards, and how the telemetry that follows proves it.</summary>
/// <param name="Risk">R0 read, R1 reversible, R2 service interruption, R3 irreversible: never automatic.</param>
/// <param name="VerifyWithin">The symptoms must have cleared by then, measured from the command's success.</param>
/// <param name="MaxPerDay">Budget per device.</param>
/// <param name="CustomerVisibleSeconds">What the customer notices of it; 0 is unnoticed.</param>
public sealed record Playbook(
    string Name, LocalizedText Title, string Risk, string Command, string ArgsJson, TimeSpan ExpiresAfter, TimeSpan VerifyWithin,
    int MaxPerDay, int CustomerVisibleSeconds);

/// <summary>A cause with its posterior probability and the findings that speak for and against it.</summary>
/// <param name="For">Symptom codes that are present and that this cause explains.</param>
/// <param name="Against">Symptom codes that this cause would show but that are absent.</param>
public sealed record Cause(string Code, LocalizedText Title, FaultClass Class, double Probability, IReadOnlyList<string> For, IReadOnlyList<string> Against);
