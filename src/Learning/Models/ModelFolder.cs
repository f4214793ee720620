using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Learning.Classes;
using Seamless.Learning.Failures;
using Seamless.Learning.Live;
using Seamless.Learning.RemainingLife;
using Seamless.Learning.Training;

namespace Seamless.Learning.Models;

/// <summary>A trained model on disk: <c>model.json</c> says what it is, <c>model.bin</c> holds it.</summary>
internal static class ModelFolder
{
    public const string Failure = "failure";
    public const string Rul = "rul";
    public const string Condition = "condition";
    public const string Imported = "onnx";
    private const string Description = "model.json";
    private const string Binary = "model.bin";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="Horizon">For rul: cycles within which a failure counts as near.</param>
    /// <param name="Report">The trainer's report as it is.</param>
    internal sealed record Card(
        string Kind, string Name, string Version, IReadOnlyList<string> Features, DateTimeOffset TrainedAt, int Seed, string DataHash,
        IReadOnlyDictionary<string, string> Columns, double? Horizon, JsonElement Report)
    {
        public string? CodeVersion { get; init; }
        public IReadOnlyDictionary<string, string>? Settings { get; init; }
        public ModelData? Data { get; init; }
        public string? Parent { get; init; }
        public IReadOnlyDictionary<string, IReadOnlyList<double>>? Deciles { get; init; }

        /// <summary>Of a model that was trained from the platform's history.</summary>
        public ModelHistory? History { get; init; }

        /// <summary><c>onnx</c> of a model that was imported; null of our own.</summary>
        public string? Format { get; init; }

        [JsonIgnore]
        public string Id => $"{Name}@{Version}";

        public ModelInfo Info(string status) =>
            new(Id, Kind, Name, Version, status, Features, TrainedAt, Seed, DataHash, Report.GetRawText())
            {
                CodeVersion = CodeVersion, Settings = Settings ?? Columns, Data = Data, Parent = Parent, Deciles = Deciles ?? new Dictionary<string, IReadOnlyList<double>>(), History = History, IsImported = Format is Imported,
            };
    }

    public static JsonElement ReportOf<T>(T report) => JsonSerializer.SerializeToElement(report, Json);

    public static void Write(string folder, Card card, Action<BinaryWriter> write)
    {
        Directory.CreateDirectory(folder);
        using (var writer = new BinaryWriter(File.Create(Path.Combine(folder, Binary)))) write(writer);
        Describe(folder, card);
    }

    /// <summary>The description last: a folder without one is not a model, so a crash in between leaves none half written.</summary>
    public static void Describe(string folder, Card card)
    {
        var description = Path.Combine(folder, Description);
        File.WriteAllText(description + ".new", JsonSerializer.Serialize(card, Json) + "\n");
        File.Move(description + ".new", description, overwrite: true);
    }

    public static bool Holds(string folder) => File.Exists(Path.Combine(folder, Description));

    public static Card ReadCard(string folder) =>
        JsonSerializer.Deserialize<Card>(File.ReadAllText(Path.Combine(folder, Description)), Json)
        ?? throw new InvalidDataException($"{folder}/{Description} is empty");

    public static FailureModel ReadFailure(string folder) => Read(folder, FailureModel.Read);

    public static RulModel ReadRul(string folder) => Read(folder, RulModel.Read);

    public static ConditionModel ReadCondition(string folder) => Read(folder, ConditionModel.Read);

    /// <summary>What was trained from means over steps of history is asked about such means.</summary>
    public static IScorer OpenScorer(string folder, ModelInfo info, Card card) =>
        card.History is { } history ? new StepScorer(Open(folder, info, card), history.Order.Step) : Open(folder, info, card);

    private static IScorer Open(string folder, ModelInfo info, Card card) => card.Kind switch
    {
        Failure => new FailureScorer(info, ReadFailure(folder)),
        Rul => new RulScorer(info, ReadRul(folder), card.Horizon ?? throw new InvalidDataException($"{folder}: a rul model without horizon")),
        Condition => throw new InvalidDataException($"{folder}: a condition model reads whole cycles from files; it cannot follow readings"),
        _ => throw new InvalidDataException($"{folder}: unknown kind of model '{card.Kind}'"),
    };

    private static T Read<T>(string folder, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(folder, Binary)));
        try
        {
            return read(reader);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new InvalidDataException($"{folder}: {broken.Message}", broken);
        }
    }
}
