using System.Text.Json;
using Seamless.Learning.Models;
using Seamless.Telemetry;

namespace Seamless.Learning.Onnx;

/// <summary>An imported model on disk: the three files as they came, and <c>model.json</c> made of the card. The signature is checked each time before the graph is loaded.</summary>
internal static class OnnxFolder
{
    private const string Model = "model.onnx", SignedCard = "card.json", Signature = "model.onnx.sig";

    public static bool Holds(string folder) => File.Exists(Path.Combine(folder, Model));

    /// <summary>All checks in their order: signature, card, graph. Writes nothing.</summary>
    public static Outcome<ModelFolder.Card> Check(ModelSignature signatures, byte[] model, byte[] card, byte[] signature)
    {
        if (signatures.WhatIsWrong(model, card, signature) is { } untrusted) return untrusted;
        var read = OnnxCard.Read(card);
        if (!read.Succeeded) return read;
        try
        {
            using var session = new OnnxSession(model, read.Value.Kind, read.Value.Features);
            return read;
        }
        catch (InvalidDataException wrong)
        {
            return Refusal.Invalid($"the model cannot be used: {wrong.Message}");
        }
    }

    public static void Write(string folder, ModelFolder.Card description, byte[] model, byte[] card, byte[] signature)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Model), model);
        File.WriteAllBytes(Path.Combine(folder, SignedCard), card);
        File.WriteAllBytes(Path.Combine(folder, Signature), signature);
        ModelFolder.Describe(folder, description);
    }

    /// <exception cref="InvalidDataException">Its files are not those that were signed, or the key is trusted no more.</exception>
    public static IScorer Open(string folder, ModelInfo info, ModelSignature signatures)
    {
        byte[] Read(string file) => File.Exists(Path.Combine(folder, file)) ? File.ReadAllBytes(Path.Combine(folder, file)) : throw new InvalidDataException($"{folder}: {file} is missing; import the model again");
        var (model, signed) = (Read(Model), Read(SignedCard));
        if (signatures.WhatIsWrong(model, signed, Read(Signature)) is { } untrusted) throw new InvalidDataException($"{folder}: {untrusted.Reason}");
        var card = OnnxCard.Read(signed);
        if (!card.Succeeded) throw new InvalidDataException($"{folder}: {card.Refusal.Reason}");
        if (card.Value.Id != info.Id || !card.Value.Features.SequenceEqual(info.Features)) throw new InvalidDataException($"{folder}: model.json is not of the card that was signed; import the model again");
        return new OnnxScorer(info, new OnnxSession(model, card.Value.Kind, card.Value.Features), card.Value.Horizon ?? 0, OnnxCard.ErrorOf(card.Value) ?? 0);
    }
}

/// <summary>What somebody else's model says of itself: the same card as our own models have.</summary>
internal static class OnnxCard
{
    public const int MostBytes = 1 << 20;
    private const int MostFeatures = 4096;

    public static Outcome<ModelFolder.Card> Read(byte[] json)
    {
        if (json.Length > MostBytes) return Refusal.Invalid($"the card is larger than {MostBytes >> 10} KB");
        try
        {
            var card = JsonSerializer.Deserialize<ModelFolder.Card>(json, ModelFolder.Json);
            if (card is null) return Refusal.Invalid("the card is empty");
            return WhatIsWrong(card) is { } wrong ? Refusal.Invalid($"the card: {wrong}") : card;
        }
        catch (JsonException broken)
        {
            return Refusal.Invalid($"the card is no JSON of a model's card: {broken.Message}");
        }
    }

    /// <summary>Of a rul model, what the bounds and the probability are made of.</summary>
    public static double? ErrorOf(ModelFolder.Card card) =>
        card.Report is { ValueKind: JsonValueKind.Object } report && report.TryGetProperty("rmse", out var rmse) && rmse.ValueKind is JsonValueKind.Number && rmse.GetDouble() is > 0 and var error ? error : null;

    private static string? WhatIsWrong(ModelFolder.Card card)
    {
        if (card.Kind is not (ModelFolder.Rul or ModelFolder.Failure)) return $"kind is '{card.Kind}'; it must be rul or failure";
        if (!Training.TrainingOrder.IsModelName(card.Name ?? "")) return "name must be letters, digits, '_', '.', '-' (up to 128), not a '.' first";
        if (!Training.TrainingOrder.IsModelName(card.Version ?? "")) return "version must be letters, digits, '_', '.', '-' (up to 128), not a '.' first";
        if (card.Features is not { Count: > 0 and <= MostFeatures }) return $"features must name the columns of the input, 1 to {MostFeatures}";
        if (card.Features.Any(string.IsNullOrWhiteSpace) || card.Features.Distinct().Count() < card.Features.Count) return "features must be names, each once";
        if (card.Report.ValueKind is not JsonValueKind.Object) return "report must be an object with the figures of the model";
        if (card.Kind is ModelFolder.Rul && card.Horizon is not > 0) return "a rul model needs horizon, the cycles within which a failure is near";
        if (card.Kind is ModelFolder.Rul && ErrorOf(card) is null) return "a rul model needs report.rmse above 0, in cycles: bounds and probability are made of it";
        return null;
    }
}
