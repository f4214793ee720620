using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Seamless.Learning.Training;
using Seamless.Portal.Accounts;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Kind"><c>rul</c> or <c>failure</c>.</param>
/// <param name="File">Id of an uploaded file; in a multipart order the part <c>file</c> is the file itself.</param>
/// <param name="History">Learn from the platform's own history in place of a file; <paramref name="Modes"/> may name the failure modes.</param>
/// <param name="IsRefit">In answers: nobody ordered it, a model is trained again.</param>
/// <param name="Unit">For rul: the column that names the machine; <paramref name="Time"/> the one that orders its rows.</param>
/// <param name="Label">For failure: the 0/1 column to learn; <paramref name="Modes"/> those of its modes.</param>
/// <param name="Cap">For rul: longest remaining life that is told apart, in rows (125); <paramref name="Horizon"/>: rows within which a failure counts as near (30).</param>
public sealed record TrainingOrderView(
    string Kind, string Name, string? File = null, string? Unit = null, string? Time = null, string? Label = null, IReadOnlyList<string>? Modes = null,
    double Cap = 125, double Horizon = 30, int Seed = 1, TrainingHistoryView? History = null, bool IsRefit = false)
{
    internal TrainingOrder For(string file) =>
        new(Kind, file, Name) { Unit = Unit, Time = Time, Label = Label, Modes = Modes ?? [], Cap = Cap, Horizon = Horizon, Seed = Seed };

    internal Outcome<TrainingOrder> ForHistory(DateTimeOffset now)
    {
        if (File is not null || Unit is not null || Time is not null || Label is not null) return Refusal.Invalid("history: an order names a file with its columns, or history, not both");
        var history = History!.Read(now);
        return history.Succeeded ? For("") with { History = history.Value } : history.Refusal;
    }
}

/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>refused</c> (the data cannot teach it), <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">What it does now.</param>
/// <param name="Percent">Of the work that is done.</param>
/// <param name="Ahead">Trainings that come first.</param>
/// <param name="Model">Id of the model, once it is done.</param>
public sealed record TrainingJobView(
    string Id, TrainingState State, TrainingOrderView Order, string FileName, string? Progress, int Percent, int Ahead, string By,
    DateTimeOffset OrderedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Model, string? Problem)
{
    internal static TrainingJobView Of(TrainingJob job, int ahead)
    {
        var order = job.Order;
        return new(
            job.Id, job.State, ViewOf(order), job.FileName,
            job.Progress?.ToString(), job.State is TrainingState.Done ? 100 : (int)Math.Round(100 * (job.Progress?.Share ?? 0)), ahead, job.By, job.OrderedAt, job.StartedAt, job.EndedAt, job.Model, job.Problem);
    }

    private static TrainingOrderView ViewOf(TrainingOrder order) => new(
        order.Kind, order.Name, order.File is "" ? null : order.File, order.Unit, order.Time, order.Label, order.Modes, order.Cap, order.Horizon, order.Seed,
        order.History is { } history ? TrainingHistoryView.Of(history) : null, order.IsRefit);
}

internal static class TrainingEndpoints
{
    private static readonly string[] Fields = ["kind", "name", "file", "unit", "time", "label", "modes", "cap", "horizon", "seed"];

    public static void MapTraining(this RouteGroupBuilder models)
    {
        models.MapPost("/train", TrainAsync).WithName("trainModel").RequireAuthorization(Policies.Operate).Accepts<TrainingOrderView>("application/json", "multipart/form-data")
            .Produces<TrainingJobView>(StatusCodes.Status202Accepted).WithSummary("Train a model: the order as JSON with the id of an uploaded file or with the history to learn from, or as a form with the file in it.");
        models.MapGet("/jobs", List).WithName("listTrainings").RequireAuthorization(Policies.Read).WithSummary("Trainings, latest first.");
        models.MapGet("/jobs/{id}", Find).WithName("getTraining").RequireAuthorization(Policies.Read).Produces<TrainingJobView>().WithSummary("How far a training is, and its model once it is done.");
        models.MapDelete("/jobs/{id}", Cancel).WithName("cancelTraining").RequireAuthorization(Policies.Operate).Produces<TrainingJobView>().WithSummary("Cancel a training.");
        models.MapPost("/files", UploadAsync).WithName("uploadTrainingFile").RequireAuthorization(Policies.Operate).Accepts<IFormFile>("multipart/form-data")
            .Produces<TrainingFile>(StatusCodes.Status201Created).WithSummary("Upload a table to learn from: CSV with a header, plain or gzip, as the part 'file'.");
        models.MapGet("/files", ListFiles).WithName("listTrainingFiles").RequireAuthorization(Policies.Read).WithSummary("Tables to learn from, with their columns; latest first.");
    }

    private static async Task<IResult> TrainAsync(HttpRequest request, ClaimsPrincipal user, ITrainingJobs jobs, ITrainingFiles files, TimeProvider time, CancellationToken ct)
    {
        if (!request.HasFormContentType)
            return await ModelEndpoints.BodyAsync<TrainingOrderView>(request, ct) is not { } order ? Problems.Invalid("an order was expected, and it was null")
                : order.History is not null ? OfHistory(user, jobs, order.ForHistory(time.GetUtcNow()))
                : string.IsNullOrWhiteSpace(order.File) ? Problems.Invalid("file: the id of an uploaded file (POST /api/v1/models/files), or history, or send the order as a form with the file in it")
                : Ordered(user, jobs, order.For(order.File));
        var (form, wrong) = await ReadAsync(request, files, ct);
        if (form is null) return Problems.Of(wrong!);
        var read = OrderOf(form);
        if (!read.Succeeded) return Problems.Of(read.Refusal);
        if (form.Files.GetFile("file") is not { } table) return read.Value.File is { } stored ? Ordered(user, jobs, read.Value.For(stored)) : Problems.Invalid("file: the form has no such part");
        var added = await AddAsync(table, user, files, ct);
        return added.Succeeded ? Ordered(user, jobs, read.Value.For(added.Value.Id)) : Problems.Of(added.Refusal);
    }

    private static IResult OfHistory(ClaimsPrincipal user, ITrainingJobs jobs, Outcome<TrainingOrder> read) => read.Succeeded ? Ordered(user, jobs, read.Value) : Problems.Of(read.Refusal);

    private static IResult Ordered(ClaimsPrincipal user, ITrainingJobs jobs, TrainingOrder order)
    {
        var ordered = jobs.Order(user.Tenant(), user.Actor(), order);
        return ordered.Succeeded ? TypedResults.Accepted($"/api/v1/models/jobs/{ordered.Value.Id}", ViewOf(jobs, ordered.Value)) : Problems.Of(ordered.Refusal);
    }

    private static async Task<IResult> UploadAsync(HttpRequest request, ClaimsPrincipal user, ITrainingFiles files, CancellationToken ct)
    {
        var (form, wrong) = await ReadAsync(request, files, ct);
        if (form is null) return Problems.Of(wrong!);
        if (form.Files.GetFile("file") is not { } table) return Problems.Invalid("file: the form has no such part");
        var added = await AddAsync(table, user, files, ct);
        return added.Succeeded ? TypedResults.Created("/api/v1/models/files", added.Value) : Problems.Of(added.Refusal);
    }

    private static async Task<Outcome<TrainingFile>> AddAsync(IFormFile table, ClaimsPrincipal user, ITrainingFiles files, CancellationToken ct)
    {
        await using var content = table.OpenReadStream();
        return await files.AddAsync(user.Tenant(), user.Actor(), table.FileName, content, ct);
    }

    /// <summary>The form, or why not. Its file may be larger than what other requests may carry; what is larger still is refused before it is read.</summary>
    internal static Task<(IFormCollection? Form, Refusal? Wrong)> ReadAsync(HttpRequest request, ITrainingFiles files, CancellationToken ct) => ReadAsync(request, MostBytes(files), files.TooLarge, ct);

    internal static async Task<(IFormCollection? Form, Refusal? Wrong)> ReadAsync(HttpRequest request, long mostBytes, Refusal tooLarge, CancellationToken ct)
    {
        if (!request.HasFormContentType) return (null, Refusal.Invalid("a form (multipart/form-data) was expected"));
        var isTooLarge = request.ContentLength > mostBytes;
        // The server throws away what is too large for some seconds, where it would otherwise cut the connection: who sends it then hears why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = isTooLarge ? null : mostBytes;
        if (isTooLarge) return (null, tooLarge);
        try
        {
            request.HttpContext.Features.Set<IFormFeature>(new FormFeature(request, new FormOptions { MultipartBodyLengthLimit = mostBytes }));
            return (await request.ReadFormAsync(ct), null);
        }
        catch (BadHttpRequestException large) when (large.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, tooLarge);   // sent in chunks: it shows while it is read
        }
    }

    /// <summary>The other fields and the form's own lines come on top of the file.</summary>
    private static long MostBytes(ITrainingFiles files) => files.MaxBytes + (64 << 10);

    private static Outcome<TrainingOrderView> OrderOf(IFormCollection form)
    {
        if (form.Keys.FirstOrDefault(key => !Fields.Contains(key)) is { } unknown) return Refusal.Invalid($"'{unknown}' is not a field of this request; see /openapi/v1.json.");
        string? Field(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        if (Field("kind") is not { } kind) return Refusal.Invalid("kind: rul or failure");
        if (Field("name") is not { } model) return Refusal.Invalid("name: the model's name, by which rules call it");
        var order = new TrainingOrderView(kind, model, Field("file"), Field("unit"), Field("time"), Field("label"), Field("modes")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in (string[])["cap", "horizon", "seed"])
        {
            if (Field(name) is not { } text) continue;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || (name == "seed" && !int.TryParse(text, out _))) return Refusal.Invalid($"{name}: '{text}' is not a number");
            order = name switch { "cap" => order with { Cap = number }, "horizon" => order with { Horizon = number }, _ => order with { Seed = (int)number } };
        }
        return order;
    }

    private static Page<TrainingJobView> List([AsParameters] PageQuery page, ClaimsPrincipal user, ITrainingJobs jobs) =>
        jobs.List(user.Tenant()).SliceInOrder(page, job => job.Id, job => ViewOf(jobs, job));

    private static IResult Find(string id, ClaimsPrincipal user, ITrainingJobs jobs) => Answer(id, jobs, jobs.Find(user.Tenant(), id));

    private static IResult Cancel(string id, ClaimsPrincipal user, ITrainingJobs jobs) => Answer(id, jobs, jobs.Cancel(user.Tenant(), id));

    private static Page<TrainingFile> ListFiles([AsParameters] PageQuery page, ClaimsPrincipal user, ITrainingFiles files) =>
        files.List(user.Tenant()).SliceInOrder(page, file => file.Id, file => file);

    private static IResult Answer(string id, ITrainingJobs jobs, TrainingJob? job) =>
        job is null ? Problems.NotFound($"there is no training '{id}', or no more: the last few are kept") : TypedResults.Ok(ViewOf(jobs, job));

    private static TrainingJobView ViewOf(ITrainingJobs jobs, TrainingJob job) => TrainingJobView.Of(job, jobs.Ahead(job));
}
