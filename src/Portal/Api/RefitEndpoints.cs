using Seamless.Fleet.Audit;
using Seamless.Learning;
using Seamless.Learning.Training;
using Seamless.Portal.Accounts;
using Seamless.Portal.Training;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Refit"><c>nightly</c> or <c>off</c>.</param>
public sealed record RefitOrder(string Refit);

/// <param name="Refit"><c>nightly</c> or <c>off</c>.</param>
/// <param name="Hindrance">Why it cannot be switched on; null when it can.</param>
/// <param name="LastRefit">When it was last trained again, by <paramref name="Job"/>; <paramref name="Model"/> came of it.</param>
/// <param name="LookedAt">When it was last looked at whether enough had come.</param>
/// <param name="Skipped">Why it was not trained again then.</param>
/// <param name="Next">When it is looked at next; null while it is off.</param>
public sealed record RefitView(
    string Name, string Refit, string? Hindrance, string? By, DateTimeOffset? LastRefit, string? Job, string? Model, DateTimeOffset? LookedAt, string? Skipped, DateTimeOffset? Next)
{
    public const string Nightly = "nightly", Off = "off";

    internal static RefitView Of(ModelInfo model, string tenant, Refitter refitter, DateTimeOffset now)
    {
        var (refit, hindrance) = (refitter.Of(model.Name), Refitter.WhatHinders(model, tenant)?.Reason);
        return refit is null
            ? new RefitView(model.Name, Off, hindrance, null, null, null, null, null, null, null)
            : new RefitView(model.Name, refit.IsNightly ? Nightly : Off, hindrance, refit.By, refit.RefitAt, refit.Job, refit.Model, refit.LookedAt, refit.Skipped, refit.IsNightly ? RefitJob.NextAfter(now) : null);
    }
}

/// <summary>Whether a model is trained again each night.</summary>
internal static class RefitEndpoints
{
    public static void MapRefits(this RouteGroupBuilder models)
    {
        models.MapGet("/{id}/refit", Find).WithName("getModelRefit").RequireAuthorization(Policies.Read).Produces<RefitView>().WithSummary("Whether a model is trained again each night, when it last was, and why not.");
        models.MapPut("/{id}/refit", SwitchAsync).WithName("switchModelRefit").RequireAuthorization(Policies.Operate).Produces<RefitView>()
            .WithSummary("Train a model again each night, when new failures or a tenth more rows came, and try the result beside the active version: refit is nightly or off.");
    }

    private static IResult Find(string id, HttpContext http, IModels models, Refitter refitter, TimeProvider time) =>
        models.Find(id) is { } model ? TypedResults.Ok(RefitView.Of(model, http.User.Tenant(), refitter, time.GetUtcNow())) : Problems.NotFound($"there is no model '{id}'");

    private static async Task<IResult> SwitchAsync(string id, RefitOrder order, HttpContext http, IModels models, Refitter refitter, IAudit audit, TimeProvider time, CancellationToken ct)
    {
        if (order.Refit is not (RefitView.Nightly or RefitView.Off)) return Problems.Invalid($"refit is '{order.Refit}'; it must be nightly or off");
        var switched = refitter.Switch(id, order.Refit is RefitView.Nightly, http.User.Tenant(), http.User.Actor());
        await audit.RecordAsync(http.User.Tenant(), http.User.Actor(), "model.refit", $"model:{id}", http.Connection.RemoteIpAddress?.ToString(),
            switched.Succeeded ? "ok" : switched.Refusal.Code, switched.Succeeded ? order.Refit : switched.Refusal.Reason, ct);
        return switched.Succeeded ? TypedResults.Ok(RefitView.Of(models.Find(id)!, http.User.Tenant(), refitter, time.GetUtcNow())) : Problems.Of(switched.Refusal);
    }
}
