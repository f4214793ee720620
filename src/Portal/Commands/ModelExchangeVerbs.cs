using System.CommandLine;
using System.IO.Compression;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary><c>models export|import</c>: models to and from other tools.</summary>
internal static class ModelExchangeVerbs
{
    private const string Onnx = "onnx";

    public static Command Export()
    {
        var id = ModelVerbs.Id();
        var format = new Option<string>("--format") { Description = "Only onnx.", DefaultValueFactory = _ => Onnx };
        var output = new Option<DirectoryInfo?>("--output") { Description = "Directory for model.onnx and card.json (default .).", HelpName = "DIR" };
        return Verb.Create("export", "A model for other tools: model.onnx and card.json.", "models export milling-failure@1c0f3a52-1 --format onnx --output milling")
            .With(id, format, output)
            .Run((parsed, settings, ct) => ExportAsync(settings, $"{ModelVerbs.Of(parsed.GetRequiredValue(id))}/export?format={Uri.EscapeDataString(parsed.GetRequiredValue(format))}", parsed.GetValue(output)?.FullName ?? Environment.CurrentDirectory, ct));
    }

    public static Command Import()
    {
        var model = new Argument<FileInfo>("FILE") { Description = "The model, an ONNX file." };
        var card = new Option<FileInfo>("--card") { Description = "What it is: kind, name, version, features, report; as the export writes it.", Required = true, HelpName = "FILE" };
        var signature = new Option<FileInfo>("--signature") { Description = "ECDSA P-256 over the two files, by a key of models.trustedKeys.", Required = true, HelpName = "FILE" };
        return Verb.Create("import", "A signed ONNX model, into the shadow.", "models import model.onnx --card card.json --signature model.onnx.sig")
            .With(model, card, signature, Verb.Json)
            .Run((parsed, settings, ct) => ImportAsync(parsed, settings, [("model", parsed.GetRequiredValue(model)), ("card", parsed.GetRequiredValue(card)), ("signature", parsed.GetRequiredValue(signature))], ct));
    }

    private static async Task<int> ExportAsync(PlatformSettings settings, string path, string directory, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
        await using var platform = reached.Value;
        using var answer = await platform.Http.GetAsync(path, ct);
        if (!answer.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(answer, ct));
        Directory.CreateDirectory(directory);
        await using var content = await answer.Content.ReadAsStreamAsync(ct);
        await using var zip = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
        foreach (var entry in zip.Entries)
        {
            var file = Path.Combine(directory, entry.Name);
            await entry.ExtractToFileAsync(file, overwrite: true, ct);
            Console.WriteLine(file);
        }
        return Terminal.Success;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, PlatformSettings settings, (string Part, FileInfo File)[] parts, CancellationToken ct)
    {
        if (parts.FirstOrDefault(part => !part.File.Exists) is { File: { } missing }) return Terminal.Misused($"{missing.FullName}: there is no such file");
        using var form = new MultipartFormDataContent();
        foreach (var (part, file) in parts) form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file.FullName, ct)), part, file.Name);
        return await PlatformClient.AskAsync<ModelView>(settings, (http, token) => http.PostAsync($"{ModelVerbs.Path}/import", form, token), model => ModelVerbs.Print(parsed, model), ct);
    }
}
