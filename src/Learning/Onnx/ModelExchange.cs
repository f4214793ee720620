using System.Text.Json;
using Seamless.Learning.Models;
using Seamless.Telemetry;

namespace Seamless.Learning.Onnx;

/// <summary>Models for and from other tools, as ONNX files.</summary>
public interface IModelExchange
{
    /// <summary>Largest model that is taken.</summary>
    long MaxBytes { get; }

    /// <summary>The model as an ONNX file, and its card.</summary>
    Outcome<ExportedModel> Export(string id);

    /// <summary>Takes a signed model into the shadow; where a version of its name and kind is active and nothing is tried beside it, as the challenger.</summary>
    /// <returns>Refused when it is not signed by a trusted key, or cannot be used, with what to do.</returns>
    Outcome<ModelInfo> Import(byte[] model, byte[] card, byte[] signature, string by);
}

/// <param name="Card">JSON.</param>
public sealed record ExportedModel(byte[] Model, byte[] Card);

internal sealed class ModelExchange(LearningOptions options, IModelRegistry models, ModelSignature signatures) : IModelExchange
{
    private readonly Lock _gate = new();

    public long MaxBytes => options.MaxFileBytes;

    public Outcome<ExportedModel> Export(string id)
    {
        if (models.Find(id) is not { } model || models.FolderOf(id) is not { } folder) return Refusal.NotFound($"there is no model '{id}'");
        if (model.IsImported) return Refusal.Because($"{id} came as an ONNX file; it is the one to take");
        try
        {
            var exported = OnnxExport.Of(folder, model);
            if (!exported.Succeeded) return exported.Refusal;
            return new ExportedModel(exported.Value, JsonSerializer.SerializeToUtf8Bytes(ModelFolder.ReadCard(folder), ModelFolder.Json));
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException)
        {
            return Refusal.Because($"{id} cannot be read: {unreadable.Message}");
        }
    }

    public Outcome<ModelInfo> Import(byte[] model, byte[] card, byte[] signature, string by)
    {
        if (model.Length == 0) return Refusal.Invalid("the model is empty");
        if (model.LongLength > MaxBytes) return new Refusal("too-large", $"the model is larger than {MaxBytes >> 20} MB");
        var read = OnnxFolder.Check(signatures, model, card, signature);
        if (!read.Succeeded) return read.Refusal;
        var description = read.Value with { Format = ModelFolder.Imported, Columns = read.Value.Columns ?? new Dictionary<string, string>(), DataHash = read.Value.DataHash ?? "" };
        lock (_gate)
        {
            if (models.Find(description.Id) is not null) return Refusal.Because($"there is a model {description.Id} already; give the card another version and sign it again");
            var folder = Path.Combine(options.Directory, description.Name, description.Version);
            if (Directory.Exists(folder)) return Refusal.Because($"the folder {description.Name}/{description.Version} of the models is taken; give the card another version and sign it again");
            OnnxFolder.Write(folder, description, model, card, signature);
        }
        models.Announce();
        var free = !models.All().Any(other => other.Name == description.Name && other.IsChallenger);
        if (free && models.Shadow(description.Id, by, "imported") is { Succeeded: true } tried) return tried;
        return models.Find(description.Id) is { } imported ? imported : Refusal.Because($"{description.Id} was written and cannot be read back");
    }
}
