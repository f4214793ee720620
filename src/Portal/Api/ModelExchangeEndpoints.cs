using System.IO.Compression;
using Seamless.Fleet.Audit;
using Seamless.Learning;
using Seamless.Learning.Onnx;
using Seamless.Portal.Accounts;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <summary>Models to and from other tools.</summary>
internal static class ModelExchangeEndpoints
{
    private const string Onnx = "onnx";
    private const long CardAndSignature = 2 << 20;

    public static void MapExchange(this RouteGroupBuilder models)
    {
        models.MapGet("/{id}/export", Export).WithName("exportModel").RequireAuthorization(Policies.Read).Produces(StatusCodes.Status200OK, contentType: "application/zip")
            .WithSummary("The model for other tools, format=onnx: a zip with model.onnx and card.json.");
        models.MapPost("/import", ImportAsync).WithName("importModel").RequireAuthorization(Policies.Operate).Accepts<IFormFile>("multipart/form-data").Produces<ModelView>(StatusCodes.Status201Created)
            .WithSummary("Take a signed ONNX model into the shadow: the parts model, card and signature.");
    }

    private static IResult Export(string id, IModelExchange exchange, string format = Onnx)
    {
        if (format is not Onnx) return Problems.Invalid($"format is '{format}'; it must be {Onnx}");
        return Download(id, exchange);
    }

    internal static IResult Download(string id, IModelExchange exchange)
    {
        var exported = exchange.Export(id);
        return exported.Succeeded ? TypedResults.File(Zip(exported.Value), "application/zip", $"{id}.zip") : Problems.Of(exported.Refusal);
    }

    private static byte[] Zip(ExportedModel exported)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { ("model.onnx", exported.Model), ("card.json", exported.Card) })
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    private static async Task<IResult> ImportAsync(HttpContext http, IModelExchange exchange, IAudit audit, CancellationToken ct)
    {
        var (form, wrong) = await ReadAsync(http.Request, exchange, ct);
        Outcome<ModelInfo> imported = form is null ? wrong! : await TakeAsync(form, exchange, http.User.Actor(), ct);
        await ModelEndpoints.NoteAsync(http, audit, "model.import", imported.Value?.Id ?? "", imported, null, ct);
        return imported.Succeeded ? TypedResults.Created($"/api/v1/models/{Uri.EscapeDataString(imported.Value.Id)}", ModelEndpoints.View(imported.Value)) : Problems.Of(imported.Refusal);
    }

    internal static Task<(IFormCollection? Form, Refusal? Wrong)> ReadAsync(HttpRequest request, IModelExchange exchange, CancellationToken ct) =>
        TrainingEndpoints.ReadAsync(request, exchange.MaxBytes + CardAndSignature, new Refusal("too-large", $"the model is larger than {exchange.MaxBytes >> 20} MB"), ct);

    /// <summary>A part that is missing is empty: what is not there is not in order either, and the answer says so.</summary>
    internal static async Task<Outcome<ModelInfo>> TakeAsync(IFormCollection form, IModelExchange exchange, string by, CancellationToken ct)
    {
        var parts = new List<byte[]>();
        foreach (var part in (string[])["model", "card", "signature"])
        {
            using var bytes = new MemoryStream();
            if (form.Files.GetFile(part) is { } file) await file.CopyToAsync(bytes, ct);
            else if (part is not "signature") return Refusal.Invalid($"{part}: the form has no such part");
            parts.Add(bytes.ToArray());
        }
        return await Task.Run(() => exchange.Import(parts[0], parts[1], parts[2], by), ct);
    }
}
