using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Seamless.Analytics.MachineState;

namespace Seamless.Rules.Packs.Files;

/// <summary>The JSON schema of rule files, for editors that complete and check as one types (<c># yaml-language-server: $schema=…</c>).</summary>
public static class RuleSchema
{
    private const string Duration = "^[0-9.]+(ms|s|m|h|d)$";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json() => Schema().ToJsonString(Readable) + "\n";

    private static JsonObject Schema() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Rules of an equipment pack",
        ["type"] = "object",
        ["required"] = Array("rules"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["rules"] = new JsonObject { ["type"] = "array", ["items"] = Rule() } },
    };

    private static JsonObject Rule() => new()
    {
        ["type"] = "object",
        ["required"] = Array("id", "title", "condition"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["id"] = Text("Unique in the pack"),
            ["title"] = Localized("For people"),
            ["metric"] = Text("The metric judged; of an event its code"),
            ["value"] = Text("An expression judged in place of a metric: mean(vibration, 10m)"),
            ["condition"] = Word("What the rule looks for", RuleWords.Conditions.Keys),
            ["setpoint"] = Setpoint(),
            ["deadband"] = Number("How far back behind the setpoint it ends, in the setpoint's unit"),
            ["tolerance"] = Number("By how much a stuck reading may tremble"),
            ["onDelay"] = Time("How long it must hold before it counts"),
            ["offDelay"] = Time("How long it must be over before it has ended; how long one event speaks"),
            ["severity"] = Word("Low is information and opens no ticket", RuleWords.Severities.Keys),
            ["symptom"] = Text("The symptom of faults.yaml that it shows"),
            ["mode"] = Text("ISO 14224 failure mode: VIB, OHE, PDE …"),
            ["when"] = Text("While this expression is false nothing is judged"),
            ["schedule"] = Schedule(),
            ["escalate"] = new JsonObject { ["type"] = "array", ["description"] = "Severity that grows with time or distance", ["items"] = Escalation() },
            ["of"] = new JsonObject { ["type"] = "array", ["description"] = "The rules that a composite is made of", ["items"] = new JsonObject { ["type"] = "string" } },
            ["count"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["description"] = "How many of them, for atLeast" },
            ["within"] = Time("In what time, for sequence"),
            ["detector"] = Text("Name of the streaming detector"),
            ["metrics"] = new JsonObject { ["type"] = "array", ["minItems"] = StateSpec.FewestSignals, ["maxItems"] = StateSpec.MostSignals, ["description"] = "The metrics that are judged together, for state", ["items"] = new JsonObject { ["type"] = "string" } },
            ["every"] = Time("For state: length of the step that a row stands for"),
            ["by"] = Modes(),
            ["reset"] = Word("For state: what has the normal learned anew", RuleWords.Resets.Keys),
            ["model"] = Text("Name of the learned model"),
            ["alarm"] = Flag("False: a part for composites, no alarm of its own"),
            ["latch"] = Flag("True: the alarm stays until a person resets it"),
            ["inMaintenance"] = Word("What becomes of the alarm while its device is under maintenance; judge: it is presented even so", RuleWords.InMaintenance.Keys),
            ["message"] = Localized("For people, in the alarm"),
            ["source"] = Text("Where the limit comes from"),
        },
    };

    private static JsonObject Setpoint() => new()
    {
        ["description"] = "A number with its unit, two of them for outside, a duration for missing and stuck, or one for each mode",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "number" },
            new JsonObject { ["type"] = "string" },
            new JsonObject { ["type"] = "array", ["minItems"] = 2, ["maxItems"] = 2 },
            new JsonObject { ["type"] = "object", ["required"] = Array("by"), ["properties"] = new JsonObject { ["by"] = Text("A state metric"), ["otherwise"] = new JsonObject { ["description"] = "In any other mode" } } }),
    };

    private static JsonObject Modes() => new()
    {
        ["description"] = "For state: a metric whose values are modes with a normal of their own",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string" },
            new JsonObject
            {
                ["type"] = "object",
                ["required"] = Array("metric", "words"),
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["metric"] = Text("A state metric"), ["words"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["maxItems"] = StateWatch.MostModes, ["items"] = new JsonObject { ["type"] = "string" } } },
            }),
    };

    private static JsonObject Schedule() => new()
    {
        ["type"] = "object",
        ["description"] = "Hours in which it judges, by local time",
        ["required"] = Array("from", "to", "zone"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["days"] = new JsonObject { ["type"] = "array", ["items"] = Word("Day on which an opening begins", RuleWords.Days.Keys) },
            ["from"] = Text("\"08:00\""),
            ["to"] = Text("\"18:00\"; the next day's when not after from"),
            ["zone"] = Text("IANA time zone: Europe/Berlin"),
        },
    };

    private static JsonObject Escalation() => new()
    {
        ["type"] = "object",
        ["required"] = Array("severity"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["after"] = Time("Since the alarm was raised"), ["beyond"] = new JsonObject { ["description"] = "A setpoint further out" }, ["severity"] = Word("What it becomes", RuleWords.Severities.Keys) },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Number(string description) => new() { ["type"] = "number", ["minimum"] = 0, ["description"] = description };

    private static JsonObject Flag(string description) => new() { ["type"] = "boolean", ["description"] = description };

    private static JsonObject Time(string description) => new() { ["type"] = "string", ["pattern"] = Duration, ["description"] = description };

    private static JsonObject Word(string description, IEnumerable<string> words) => new() { ["enum"] = Array([.. words]), ["description"] = description };

    private static JsonObject Localized(string description) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["required"] = Array("en", "zh-CN"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["en"] = Text("English"), ["zh-CN"] = Text("Chinese") },
    };

    private static JsonArray Array(params string[] words) => [.. words.Select(word => JsonValue.Create(word))];
}
