using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Seamless.Learning;
using Seamless.Learning.Onnx;
using Seamless.Learning.Training;
using Seamless.Portal.Api;
using Seamless.Portal.Pages.Viewing;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>Training models and putting their versions in force.</summary>
internal static class ModelActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var models = app.MapGroup("/models").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        models.MapPost("/train/start", async ([FromServices] ActionRequest request, ITrainingJobs jobs, TimeProvider time) =>
        {
            var order = request.Field("type") is { } type ? HistoryOrderOf(request, type, time) : OrderOf(request);
            var ordered = order.Succeeded ? jobs.Order(request.Viewer.Tenant, request.Viewer.Name, order.Value) : order.Refusal;
            return await request.AnswerAsync("model.order", $"model:{request.Field("name")}", ordered, ordered.Value?.Id, ordered.Succeeded ? "/models" : null);
        });

        models.MapPost("/jobs/{id}/cancel", async (string id, [FromServices] ActionRequest request, ITrainingJobs jobs) =>
        {
            Outcome<TrainingJob> cancelled = jobs.Cancel(request.Viewer.Tenant, id) is { } job ? job : Refusal.NotFound("training-unknown", $"there is no training {id}");
            return await request.AnswerAsync("model.cancel", $"training:{id}", cancelled);
        });

        models.MapPost("/{id}/promote", async (string id, [FromServices] ActionRequest request, IModelRegistry registry) =>
        {
            var (reason, force) = (request.Field("reason"), request.Field("force") is "true");
            var words = ModelEndpoints.PromotionWords(reason, force, registry.Compare(id));
            return await request.AnswerAsync("model.promote", $"model:{id}", registry.Promote(id, request.Viewer.Name, reason, force), words);
        });

        models.MapPost("/{id}/export", async (string id, [FromServices] ActionRequest request, IModelExchange exchange) =>
        {
            var exported = exchange.Export(id);
            return exported.Succeeded ? Results.Redirect($"/models/{Uri.EscapeDataString(id)}/onnx") : await request.AnswerAsync("model.export", $"model:{id}", exported);
        });
        models.MapGet("/{id}/onnx", (string id, IModelExchange exchange) => ModelExchangeEndpoints.Download(id, exchange));

        models.MapPost("/{id}/shadow", async (string id, [FromServices] ActionRequest request, IModelRegistry registry) =>
            await request.AnswerAsync("model.shadow", $"model:{id}", registry.Shadow(id, request.Viewer.Name, request.Field("reason")), request.Field("reason")));

        models.MapPost("/{id}/refit", async (string id, [FromServices] ActionRequest request, Refitter refitter) =>
        {
            var refit = request.Field("refit");
            return await request.AnswerAsync("model.refit", $"model:{id}", refitter.Switch(id, refit is RefitView.Nightly, request.Viewer.Tenant, request.Viewer.Name), refit);
        });

        models.MapPost("/{id}/return", async (string id, [FromServices] ActionRequest request, IModelRegistry registry) =>
            await request.AnswerAsync("model.return", $"model:{id}", registry.Return(id, request.Viewer.Name, request.Field("reason")), request.Field("reason")));

        models.MapPost("/{id}/retire", async (string id, [FromServices] ActionRequest request, IModelRegistry registry) =>
            await request.AnswerAsync("model.retire", $"model:{id}", registry.Retire(id, request.Viewer.Name, request.Field("reason")), request.Field("reason")));
    }

    /// <summary>Reads its form itself, with the limit for tables, and asks only then whether it is forged.</summary>
    public static void MapUpload(IEndpointRouteBuilder app)
    {
        app.MapPost("/models/upload", UploadAsync).RequireAuthorization(policy => policy.RequireRole(Duties.Engineering)).ExcludeFromDescription();
        app.MapPost("/models/import", ImportAsync).RequireAuthorization(policy => policy.RequireRole(Duties.Engineering)).ExcludeFromDescription();
    }

    private static async Task<IResult> ImportAsync(HttpContext http, [FromServices] ActionRequest request, IModelExchange exchange, IAntiforgery antiforgery)
    {
        var (form, wrong) = await ModelExchangeEndpoints.ReadAsync(http.Request, exchange, request.Aborted);
        if (form is null) return await request.AnswerAsync<ModelInfo>("model.import", "model:", wrong!, elsewhere: "/models");
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        var imported = await ModelExchangeEndpoints.TakeAsync(form, exchange, request.Viewer.Name, request.Aborted);
        return await request.AnswerAsync("model.import", $"model:{imported.Value?.Id}", imported, elsewhere: imported.Succeeded ? $"/models/{Uri.EscapeDataString(imported.Value.Id)}" : "/models");
    }

    private static async Task<IResult> UploadAsync(HttpContext http, [FromServices] ActionRequest request, ITrainingFiles files, IAntiforgery antiforgery)
    {
        var (form, wrong) = await TrainingEndpoints.ReadAsync(http.Request, files, request.Aborted);
        if (form is null) return await request.AnswerAsync<TrainingFile>("model.upload", "file:", wrong!, elsewhere: "/models");
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        if (form.Files.GetFile("file") is not { Length: > 0 } table) return await request.AnswerAsync<TrainingFile>("model.upload", "file:", Refusal.Invalid("file-missing", "no file was chosen, or it is empty"), elsewhere: "/models");
        await using var content = table.OpenReadStream();
        var added = await files.AddAsync(request.Viewer.Tenant, request.Viewer.Name, table.FileName, content, request.Aborted);
        return await request.AnswerAsync("model.upload", $"file:{added.Value?.Id}", added, table.FileName, added.Succeeded ? $"/models/train?file={added.Value.Id}" : "/models");
    }

    private static Outcome<TrainingOrder> HistoryOrderOf(ActionRequest request, string type, TimeProvider time)
    {
        if (!Instant.TryParse(request.Field("from"), null, out var from)) return Refusal.Invalid("from-unreadable", "from is not a date");
        var (given, end) = (request.Field("to"), default(Instant));
        if (given is not null && !Instant.TryParse(given, null, out end)) return Refusal.Invalid("to-unreadable", "to is not a date");
        var history = new TrainingHistoryView(type, from.At, given is null ? null : end.At, [.. request.All("metrics")], request.Field("step"), request.Field("horizon"), request.Field("startUp"));
        return new TrainingOrderView(request.Field("kind") ?? "", request.Field("name") ?? "", Cap: Number(request.Field("cap"), 125), Seed: request.Whole("seed", 1), History: history).ForHistory(time.GetUtcNow());
    }

    private static Outcome<TrainingOrder> OrderOf(ActionRequest request) => new TrainingOrder(request.Field("kind") ?? "", request.Field("file") ?? "", request.Field("name") ?? "")
    {
        Unit = request.Field("unit"), Time = request.Field("time"), Label = request.Field("label"),
        Modes = [.. request.All("modes").Where(mode => mode != request.Field("label"))],
        Cap = Number(request.Field("cap"), 125), Horizon = Number(request.Field("horizon"), 30), Seed = request.Whole("seed", 1),
    };

    private static double Number(string? text, double otherwise) => text is null ? otherwise : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
